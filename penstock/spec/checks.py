"""What the models cannot see in the values of a pipeline.yaml: what they mean together, and AWS's own limits.

Each check looks only at values that the models accepted, so that it can run whatever else is wrong.
"""

from collections.abc import Iterator
from pathlib import Path

from penstock.spec.document import Document
from penstock.spec.instances import instance_types
from penstock.spec.metrics import METRICS, OUR_HYPERPARAMETERS, as_text
from penstock.spec.mistakes import Location, quoted, suggestion
from penstock.spec.pipeline import PipelineFile, Train

# SageMaker's limits for the hyperparameters of a training job.
MAX_HYPERPARAMETERS = 100
MAX_VALUE = 2_500


def check(document: Document, folder: Path) -> None:
    """Note every mistake in the values; `folder` is the pipeline's."""
    _check_name(document, folder)
    _check_data(document)
    _check_hyperparameters(document)
    _check_placeholders(document)
    _check_instance_type(document, "train", "training")
    _check_instance_type(document, "deploy", "hosting")
    _check_gate(document)
    _check_bounds(document)
    _check_timeouts(document)


def _check_name(document: Document, folder: Path) -> None:
    name = document.get("name")
    if name == "platform":
        document.note(("name",), '"platform" is the name of the stack that all pipelines share.', "Choose another.")
    if name not in (None, folder.name):
        remedy = f"Write {folder.name}, or rename the folder to {name}."
        document.note(("name",), f"{quoted(name)} is not the name of its folder, {quoted(folder.name)}.", remedy)


def _check_data(document: Document) -> None:
    target, columns = document.get("data", "target"), document.get("data", "columns")
    if target and target in (columns or ()):
        remedy = "Remove it here; data.target names it."
        document.note(("data", "columns", target), "the target is no column to learn from.", remedy, key=True)
    method, key = document.get("data", "split", "method"), document.get("data", "split", "key")
    if key and method in ("random", "ordered"):
        document.note(("data", "split", "key"), f"the method {method} uses no key.", "Remove it, or split by hash.")
    for location, value in ((("data", "columns"), columns), (("data", "split", "key"), key)):
        if value and (length := len(as_text(value))) > MAX_VALUE:
            message = f"{length:,} characters as JSON; SageMaker passes at most {MAX_VALUE:,} to a container."
            document.note(location, message, "Name fewer columns.")


def _check_hyperparameters(document: Document) -> None:
    section = ("train", "hyperparameters")
    given = document.get(*section) or {}
    most = MAX_HYPERPARAMETERS - len(OUR_HYPERPARAMETERS)
    if len(given) > most:
        message = f"{len(given)} hyperparameters; SageMaker passes at most {most}, besides Penstock's own."
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


def _check_placeholders(document: Document) -> None:
    """Note what would not stay as it is: these texts are part of the state machine's definition."""
    for location, text, in_key in _texts(document):
        if isinstance(text, str) and ("${" in text or text.startswith("{%")):
            message = f"{quoted(text)} has ${{ in it or begins with {{%; a state machine's definition would replace it."
            document.note(location, message, "Choose another.", key=in_key)


def _texts(document: Document) -> Iterator[tuple[Location, object, bool]]:
    """Yield what the user may write freely and the container receives: where it is, what, and whether it is a key."""
    target, columns, keys = ("data", "target"), ("data", "columns"), ("data", "split", "key")
    yield target, document.get(*target), False
    for name in document.get(*columns) or ():
        yield (*columns, name), name, True
    for index, name in enumerate(document.get(*keys) or ()):
        yield (*keys, index), name, False
    given = ("train", "hyperparameters")
    for name in document.get(*given) or ():
        yield (*given, name), name, True
        yield (*given, name), document.get(*given, name), False


def _check_instance_type(document: Document, section: str, use: str) -> None:
    value, known = document.get(section, "instance_type"), instance_types(use)
    if value and value not in known:
        message = f"{quoted(value)} is no SageMaker {use} instance."
        document.note((section, "instance_type"), message, suggestion(value, known))


def _check_gate(document: Document) -> None:
    gate, problem, metric = document.get("gate"), document.get("problem"), document.get("gate", "metric")
    if gate is None:
        return
    if metric and problem and metric not in METRICS[problem]:
        message = f"{quoted(metric)} is no metric of {problem} problems."
        document.note(("gate", "metric"), message, f"Those are: {', '.join(METRICS[problem])}.")
    if ("at_most" in gate) == ("at_least" in gate):
        both = "both at_most and at_least are" if "at_most" in gate else "neither at_most nor at_least is"
        document.note(("gate",), f"{both} given.", "Give one of the two.", key=True)


def _check_bounds(document: Document) -> None:
    for bound in ("minimum", "maximum"):
        location = ("smoke_test", bound)
        if document.get(*location) is not None and document.get("problem") in ("binary", "multiclass"):
            document.note(location, "bounds are for regression problems.", "Remove it.", key=True)
    low, high = document.get("smoke_test", "minimum"), document.get("smoke_test", "maximum")
    if low is not None and high is not None and low >= high:
        document.note(("smoke_test", "maximum"), f"{high:,.10g} is not above the minimum, {low:,.10g}.")


def _check_timeouts(document: Document) -> None:
    training, whole = ("train", "max_runtime_minutes"), ("timeout_minutes",)
    minutes = document.get(*training, default=Train.model_fields["max_runtime_minutes"].default)
    limit = document.get(*whole, default=PipelineFile.model_fields["timeout_minutes"].default)
    if minutes is None or limit is None or limit > minutes:
        return
    if whole in document.keys:
        message = f"{limit:,} minutes are not more than train.max_runtime_minutes, {minutes:,}."
        document.note(whole, message, "Leave time for the other states.")
    else:
        message = f"{minutes:,} minutes are not less than timeout_minutes, {limit:,} by default."
        document.note(training, message, "Set a higher timeout_minutes, for the whole run.")
