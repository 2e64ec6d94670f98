"""The steps of a pipeline's state machine, as its spec has them. Each names the next: so the last is made first."""

from penstock.spec.metrics import DIRECTIONS, training_hyperparameters, tuning_metric
from penstock.spec.settings import settings
from penstock_constructs.steps.approve import approve
from penstock_constructs.steps.batch import process_batch
from penstock_constructs.steps.champion import find_champion
from penstock_constructs.steps.check_data import check_data
from penstock_constructs.steps.evaluate import evaluate, score_champion
from penstock_constructs.steps.gate import gate
from penstock_constructs.steps.lock import release_lock, take_lock
from penstock_constructs.steps.prepare import prepare
from penstock_constructs.steps.process import process
from penstock_constructs.steps.publish import publish
from penstock_constructs.steps.register import register
from penstock_constructs.steps.step import Step
from penstock_constructs.steps.tidy import tidy
from penstock_constructs.steps.train import train
from penstock_constructs.steps.tune import tune
from stacks.pipeline_deploying import deploying_steps, scaled_variants
from stacks.pipeline_parts import Parts

_MINUTE = 60


def pipeline_steps(parts: Parts) -> list[Step]:
    """Return the steps, in the order of a run in which all goes well."""
    ending = _ending(parts)
    tidying, releasing, _ = ending
    deploying = deploying_steps(parts, then=tidying.first)
    registering = _registering(parts, then=deploying[0].first, rejected=releasing.first)
    judging = _judging(parts, then=registering[0].first, rejected=releasing.first, known=deploying[0].first)
    locking = _locking(parts, then=judging[0].first, superseded=ending[-1].first)
    learning = _learning(parts, then=locking.first)
    return [*learning, locking, *judging, *registering, *deploying, *ending]


def _learning(parts: Parts, *, then: str) -> list[Step]:
    """Return the steps from the input to a model."""
    spec, machine, jobs = parts.spec, parts.machine, parts.jobs
    if spec.tune:
        metric = tuning_metric(spec)
        minimise = DIRECTIONS[metric] == "minimise"
        training = tune(
            machine=machine, training=jobs.training, search=spec.tune, metric=metric, minimise=minimise, then=then
        )
    else:
        training = train(machine=machine, training=jobs.training, then=then)
    batching = _batching(parts, known=then, then=training.first)
    # Each instance of a sharded training gets its share of the files.
    files = spec.train.instance_count if spec.train.distribution == "sharded" else 1
    processing = process(
        machine=machine, job=jobs.processing, code=jobs.code, files=files, then=[*batching, training][0].first
    )
    checking = check_data(machine=machine, job=jobs.checking, then=processing.first)
    batch = {"batch": spec.deploy.batch.instance_type} if spec.deploy.kind == "batch" else {}
    defaults = {
        "hyperparameters": training_hyperparameters(spec),
        "instance_types": {
            "check": spec.check.instance_type,
            "process": spec.process.instance_type,
            "train": spec.train.instance_type,
            "evaluate": spec.evaluate.instance_type,
            "deploy": spec.deploy.instance_type,
            **batch,
        },
        "settings": settings(spec),
        "tuned": list(spec.tune.ranges) if spec.tune else [],
    }
    preparing = prepare(
        hook=parts.hooks.prepare(),
        defaults=defaults,
        image=jobs.training_image,
        then=checking.first,
        known=batching[0].first if batching else then,
    )
    return [preparing, checking, processing, *batching, training]


def _batching(parts: Parts, *, known: str, then: str) -> list[Step]:
    """Return the step that makes the rows ready that a batch pipeline predicts."""
    if parts.spec.deploy.kind != "batch":
        return []
    jobs = parts.jobs
    return [process_batch(machine=parts.machine, job=jobs.processing, code=jobs.code, known=known, then=then)]


def _locking(parts: Parts, *, then: str, superseded: str) -> Step:
    return take_lock(
        machine=parts.machine,
        table=parts.platform.deployments,
        timeout_seconds=parts.spec.timeout_minutes * _MINUTE,
        supersede=parts.spec.lock == "supersede",
        poll_seconds=parts.poll_seconds,
        then=then,
        superseded=superseded,
    )


def _judging(parts: Parts, *, then: str, rejected: str, known: str) -> list[Step]:
    """Return the steps from a model to whether it is better than what serves."""
    spec, machine, hooks, jobs = parts.spec, parts.machine, parts.hooks, parts.jobs
    gating = gate(hook=hooks.gate(), rules=spec.gate.model_dump() if spec.gate else None, then=then, rejected=rejected)
    evaluating = evaluate(machine=machine, job=jobs.judging, then=gating.first)
    scoring = score_champion(machine=machine, job=jobs.judging, then=evaluating.first)
    finding = find_champion(hook=hooks.find_champion(), known=known, score=scoring.first, then=evaluating.first)
    return [finding, scoring, evaluating, gating]


def _registering(parts: Parts, *, then: str, rejected: str) -> list[Step]:
    """Return the steps that make the model a generation, and have it approved if that is wanted."""
    spec, machine = parts.spec, parts.machine
    if spec.approval == "none":
        return [register(machine=machine, manual=False, then=then)]
    hours = spec.approval_timeout_hours
    approving = approve(
        machine=machine, hook=parts.hooks.ask_approval(), timeout_hours=hours, then=then, rejected=rejected
    )
    return [register(machine=machine, manual=True, then=approving.first), approving]


def _ending(parts: Parts) -> tuple[Step, Step, Step]:
    """Return the steps after a model was deployed: tidying, releasing the lock, telling."""
    deploy, machine = parts.spec.deploy, parts.machine
    telling = publish(
        machine=machine, topic=parts.platform.topic, kind="batch" if deploy.kind == "batch" else "endpoint"
    )
    releasing = release_lock(machine=machine, table=parts.platform.deployments, then=telling.first)
    tidying = tidy(
        machine=machine,
        hook=parts.hooks.tidy(parts.jobs.repositories),
        keep=deploy.keep_generations,
        endpoint=deploy.kind != "batch",
        scaled=scaled_variants(parts.spec),
        repositories=parts.jobs.repositories,
        then=releasing.first,
    )
    return tidying, releasing, telling
