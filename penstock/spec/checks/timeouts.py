"""Checks of the times that the steps may take, against the time of the whole run."""

from collections.abc import Iterator, Mapping
from math import ceil

from penstock.spec.document import Document
from penstock.spec.fields import Section
from penstock.spec.mistakes import Location, dotted
from penstock.spec.pipeline import PipelineFile
from penstock.spec.sections.check import Check
from penstock.spec.sections.deploy import Deploy, Rollout, default_bake_minutes
from penstock.spec.sections.judge import Evaluate
from penstock.spec.sections.process import Process
from penstock.spec.sections.train import Train
from penstock.spec.sections.tune import Tune

MAX_ROLLOUT_MINUTES = 7 * 60  # SageMaker takes 8 hours at most, and the instances need time to start

_JOBS: Mapping[str, type[Section]] = {
    "check": Check,
    "process": Process,
    "train": Train,
    "tune": Tune,
    "evaluate": Evaluate,
}


def check_timeouts(document: Document) -> None:
    """Note the steps that may take as long as the whole run, and a rollout that SageMaker would end."""
    rollout = _rollout_minutes(document)
    if rollout > MAX_ROLLOUT_MINUTES:
        limits = f"at most {MAX_ROLLOUT_MINUTES} fit into SageMaker's 8 hours."
        message = f"its steps bake for {rollout:,} minutes together; {limits}"
        document.note(("deploy", "rollout", "bake_minutes"), message, "Bake for less, or take larger steps.")
    whole = ("timeout_minutes",)
    limit = document.get(*whole, default=PipelineFile.model_fields["timeout_minutes"].default)
    if limit is None:
        return
    steps = [(minutes, location) for location, minutes in _steps(document) if minutes >= limit]
    if whole in document.keys and steps:
        minutes, location = max(steps)
        message = f"{limit:,} minutes are not more than {dotted(location)} allows, {minutes:,}."
        document.note(whole, message, "Leave time for the other states.")
        return
    for minutes, location in steps:
        message = f"{minutes:,} minutes are not less than timeout_minutes, {limit:,} by default."
        document.note(location, message, "Set a higher timeout_minutes, for the whole run.")


def _steps(document: Document) -> Iterator[tuple[Location, int]]:
    """Yield how many minutes each step may take, and the key that says so."""
    for section, model in _JOBS.items():
        if section != "tune" or document.get("tune"):
            default = model.model_fields["max_runtime_minutes"].default
            yield (section, "max_runtime_minutes"), document.get(section, "max_runtime_minutes", default=default) or 0
    if document.get("train", "spot"):
        runtime = document.get(
            "train", "max_runtime_minutes", default=Train.model_fields["max_runtime_minutes"].default
        )
        if wait := document.get("train", "max_wait_minutes", default=2 * (runtime or 0)):
            yield ("train", "max_wait_minutes"), wait
    if document.get("approval") == "manual":
        default = PipelineFile.model_fields["approval_timeout_hours"].default
        key = "approval_timeout_hours" if "approval_timeout_hours" in document.data else "approval"
        yield (key,), 60 * (document.get("approval_timeout_hours", default=default) or 0)
    yield ("deploy", "rollout"), _rollout_minutes(document)


def _rollout_minutes(document: Document) -> int:
    """Return how long the alarms are watched in all; 0 where that is not known, or nothing is rolled out."""
    if document.get("deploy", "kind", default=Deploy.model_fields["kind"].default) not in {"realtime", "async"}:
        return 0
    kind, percent = (
        document.get("deploy", "rollout", key, default=Rollout.model_fields[key].default) for key in ("kind", "percent")
    )
    if kind is None or percent is None:
        return 0
    bake = document.get("deploy", "rollout", "bake_minutes", default=default_bake_minutes(kind)) or 0
    steps = {"all_at_once": 1, "canary": 2, "linear": ceil(100 / percent)}[kind]
    return int(steps * bake)
