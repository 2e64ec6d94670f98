"""Checks of `train`."""

from penstock.spec.checks.texts import MAX_VALUE
from penstock.spec.document import Document
from penstock.spec.metrics import OUR_HYPERPARAMETERS
from penstock.spec.sections.train import Train

MAX_HYPERPARAMETERS = 100  # SageMaker's limit for a training job


def check_train(document: Document) -> None:
    """Note what is wrong with the hyperparameters, and what does not go together."""
    _check_hyperparameters(document)
    _check_spot(document)


def _check_hyperparameters(document: Document) -> None:
    section = ("train", "hyperparameters")
    given = document.get(*section) or {}
    most = MAX_HYPERPARAMETERS - len(OUR_HYPERPARAMETERS)
    tuned = document.get("tune", "ranges") or ()
    if (count := len({*given, *tuned})) > most:
        with_tuned = ", with those that are tuned" if tuned else ""
        message = f"{count} hyperparameters{with_tuned}; SageMaker passes at most {most}, besides Penstock's own."
        document.note(section, message, "Remove some.")
    for name in given:
        location, value = (*section, name), document.get(*section, name)
        if name in OUR_HYPERPARAMETERS:
            remedy = f"Remove it; {OUR_HYPERPARAMETERS[name]} sets it."
            document.note(location, "Penstock itself passes this one.", remedy, key=True)
        elif isinstance(value, str) and len(value) > MAX_VALUE:
            message = f"{len(value):,} characters; SageMaker passes at most {MAX_VALUE:,}."
            document.note(location, message, "Put the text into a file of the container.")
        elif isinstance(value, str) and "\n" in value:
            document.note(location, "several lines; SageMaker passes one.", "Write it on one line.")


def _check_spot(document: Document) -> None:
    spot = document.get("train", "spot", default=False)
    wait = document.get("train", "max_wait_minutes")
    runtime = document.get("train", "max_runtime_minutes", default=Train.model_fields["max_runtime_minutes"].default)
    location = ("train", "max_wait_minutes")
    if wait is not None and spot is False:
        document.note(location, "only spot training waits.", "Remove it, or add spot: true.", key=True)
    elif wait is not None and runtime is not None and wait < runtime:
        message = f"{wait:,} minutes are less than max_runtime_minutes, {runtime:,}, which they include."
        document.note(location, message, f"Give {runtime:,} or more.")
    if spot and document.get("train", "keep_alive_minutes"):
        message = "spare capacity (spot) cannot be kept warm."
        document.note(("train", "keep_alive_minutes"), message, "Remove one of the two.")
