"""The steps from a model that is good enough to what it is deployed to: an endpoint, or predictions of a batch."""

from penstock.spec import Pipeline
from penstock.spec.sections.deploy import Deploy
from penstock_constructs.steps.batch import predict
from penstock_constructs.steps.endpoint import deploy_endpoint
from penstock_constructs.steps.endpoint_config import (
    MAIN,
    Asynchronous,
    Beside,
    Instances,
    Serverless,
    create_endpoint_config,
)
from penstock_constructs.steps.model import create_model
from penstock_constructs.steps.rollout import Rollout, keeping
from penstock_constructs.steps.scaling import Scaling, scale
from penstock_constructs.steps.smoke_test import smoke_test
from penstock_constructs.steps.step import Step
from stacks.pipeline_parts import Parts

_MINUTE = 60


def variants(deploy: Deploy) -> list[str]:
    """Return the variants of the endpoint that answer requests, "main" first; a batch pipeline has none."""
    if deploy.kind == "batch":
        return []
    return [MAIN, "challenger"] if deploy.ab else [MAIN]


def scaled_variants(spec: Pipeline) -> list[str]:
    """Return the variants whose number of instances follows the load."""
    return [MAIN] if spec.deploy.instances else []


def deploying_steps(parts: Parts, *, then: str) -> list[Step]:
    """Return the steps, made from the last, as each names the next."""
    steps = _predicting(parts, then=then) if parts.spec.deploy.kind == "batch" else _serving(parts, then=then)
    modelling = create_model(machine=parts.machine, network=parts.jobs.serving_network, then=steps[0].first)
    return [modelling, *steps]


def _predicting(parts: Parts, *, then: str) -> list[Step]:
    batch = parts.spec.deploy.batch
    predicting = predict(
        machine=parts.machine,
        instance_count=batch.instance_count,
        max_concurrent=batch.max_concurrent,
        join=batch.join,
        timeout_seconds=parts.spec.timeout_minutes * _MINUTE,  # the job has no time limit of its own
        then=then,
    )
    return [predicting]


def _serving(parts: Parts, *, then: str) -> list[Step]:
    spec, machine = parts.spec, parts.machine
    deploy = spec.deploy
    scaling = [scale(machine=machine, scaling=one, then=then) for one in _scalings(deploy)]
    testing = _testing(parts, then=scaling[0].first if scaling else then)
    rolling_out = deploy_endpoint(
        machine=machine,
        rollout=_rollout(deploy),
        alarms=parts.alarms,
        scaled=bool(scaling),
        poll_seconds=parts.poll_seconds,
        then=testing.first,
    )
    serverless = Serverless(deploy.memory_mb, deploy.max_concurrency)
    configuring = create_endpoint_config(
        machine=machine,
        host=serverless if deploy.kind == "serverless" else Instances(deploy.initial_instance_count),
        beside=_beside(deploy),
        capture_percent=deploy.capture_percent,
        asynchronous=Asynchronous(deploy.max_concurrent_per_instance) if deploy.kind == "async" else None,
        then=rolling_out.first,
    )
    return [configuring, rolling_out, testing, *scaling]


def _testing(parts: Parts, *, then: str) -> Step:
    spec = parts.spec
    bounds = spec.smoke_test
    return smoke_test(
        machine=parts.machine,
        hook=parts.hooks.smoke_test(),
        rows=spec.smoke_rows,
        numbers=spec.problem == "regression",
        minimum=bounds.minimum if bounds else None,
        maximum=bounds.maximum if bounds else None,
        asynchronous=spec.deploy.kind == "async",
        restore=keeping(scaled=bool(scaled_variants(spec))),
        then=then,
    )


def _rollout(deploy: Deploy) -> Rollout | None:
    """Return how the traffic goes over; what is without servers has no say in it."""
    if deploy.kind == "serverless":
        return None
    spec = deploy.rollout
    return Rollout(spec.kind, spec.percent, spec.bake_seconds)


def _beside(deploy: Deploy) -> Beside | None:
    if deploy.ab:
        return Beside("challenger", deploy.ab.percent)
    return Beside("shadow", deploy.shadow.percent) if deploy.shadow else None


def _scalings(deploy: Deploy) -> list[Scaling]:
    """Return how the number of instances follows the load, if it does."""
    if deploy.instances is None:
        return []
    load = deploy.instances
    return [Scaling(load.minimum, load.maximum, load.invocations_per_instance, asynchronous=deploy.kind == "async")]
