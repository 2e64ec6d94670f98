"""Checks of `tune`: SageMaker's rules for hyperparameter tuning jobs.

https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-how-it-works.html and
https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-define-ranges.html
"""

from math import prod

from penstock.spec.checks.metric import check_metric
from penstock.spec.document import Document
from penstock.spec.metrics import OUR_HYPERPARAMETERS, as_text
from penstock.spec.mistakes import Location, quoted
from penstock.spec.sections.tune import MAX_JOBS, Tune

_MAX_TEXT = 256  # SageMaker's limit for a categorical value


def check_tune(document: Document) -> None:
    """Note what is wrong with the search, if there is one."""
    if not document.get("tune"):
        return
    if document.get("data", "split", "validation") == 0:
        message = "without a validation part there is nothing to compare the jobs on."
        document.note(("tune",), message, "Give data.split.validation a share of the rows.", key=True)
    check_metric(document, "tune")
    if document.get("problem") == "anomaly" and ("tune", "metric") not in document.keys:
        message = "the fewest anomalies are no sign of the best model, so there is no default."
        document.note(("tune", "metric"), message, "Name the metric, such as auc.")
    _check_jobs(document)
    _check_strategy(document)
    for name in document.get("tune", "ranges") or ():
        _check_name(document, name)
        if document.get("tune", "ranges", name, "type") == "categorical":
            _check_values(document, ("tune", "ranges", name))
        else:
            _check_numbers(document, ("tune", "ranges", name))


def _check_jobs(document: Document) -> None:
    jobs, parallel = (
        document.get("tune", key, default=Tune.model_fields[key].default) for key in ("max_jobs", "max_parallel_jobs")
    )
    if document.get("tune", "strategy") != "grid" and jobs is not None and parallel is not None and parallel > jobs:
        message = f"{parallel} at a time are more than max_jobs, {jobs}."
        document.note(("tune", "max_parallel_jobs"), message, f"Give {jobs} or less.")


def _check_strategy(document: Document) -> None:
    strategy = document.get("tune", "strategy")
    if strategy == "hyperband" and document.get("tune", "early_stopping"):
        message = "hyperband stops jobs early by rules of its own."
        document.note(("tune", "early_stopping"), message, "Remove it.")
    if strategy != "grid":
        return
    if ("tune", "max_jobs") in document.keys:
        document.note(("tune", "max_jobs"), "a grid has as many jobs as combinations.", "Remove it.", key=True)
    ranges = document.get("tune", "ranges") or {}
    for name in ranges:
        kind = document.get("tune", "ranges", name, "type")
        if kind not in (None, "categorical"):
            message = f"a grid is of categorical ranges only, and this one is {kind}."
            document.note(("tune", "ranges", name, "type"), message, "Write type: categorical, and the values to try.")
    jobs = prod(len(document.get("tune", "ranges", name, "values") or "?") for name in ranges)
    if jobs > MAX_JOBS:
        message = f"{jobs:,} combinations; SageMaker tries at most {MAX_JOBS}."
        document.note(("tune", "ranges"), message, "Name fewer values, or choose another strategy.")


def _check_name(document: Document, name: str) -> None:
    location = ("tune", "ranges", name)
    if name in OUR_HYPERPARAMETERS:
        document.note(location, "Penstock itself passes this one.", "Remove it.", key=True)
    elif name in (document.get("train", "hyperparameters") or ()):
        message = "train.hyperparameters gives it a fixed value."
        document.note(location, message, "Remove one of the two.", key=True)


def _check_values(document: Document, section: tuple[str, ...]) -> None:
    values = document.get(*section, "values", default=())
    for key in ("minimum", "maximum", "scale"):
        if (*section, key) in document.keys:
            document.note((*section, key), "a categorical range has values only.", "Remove it.", key=True)
    if values is None:
        return
    if not values:
        document.note((*section, "values"), "a categorical range needs values.", "Write values: [first, second].")
    texts = [as_text(value) for value in values]
    for index, text in enumerate(texts):
        location: Location = (*section, "values", index)
        if text in texts[:index]:
            document.note(location, f"{quoted(text)} is given twice.", "Remove one of the two.")
        if len(text) > _MAX_TEXT:
            document.note(location, f"{len(text)} characters; SageMaker takes at most {_MAX_TEXT}.", "Shorten it.")


def _check_numbers(document: Document, section: tuple[str, ...]) -> None:
    kind = document.get(*section, "type")
    if kind is None:
        return
    if (*section, "values") in document.keys:
        message = f"a range of type {kind} has a minimum and a maximum."
        document.note((*section, "values"), message, "Remove it, or write type: categorical.", key=True)
    bounds = {key: document.get(*section, key, default="missing") for key in ("minimum", "maximum")}
    for key, value in bounds.items():
        if value == "missing":
            document.note((*section, key), "missing.", f"A range of type {kind} needs both minimum and maximum.")
        elif kind == "integer" and isinstance(value, float):
            message = f"{value:,.10g} is not a whole number."
            document.note((*section, key), message, "Write it without a fraction, or type: continuous.")
    low, high = bounds.values()
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return
    if low >= high:
        document.note((*section, "maximum"), f"{high:,.10g} is not above the minimum, {low:,.10g}.")
    _check_scale(document, section, kind, low, high)


def _check_scale(document: Document, section: tuple[str, ...], kind: str, low: float, high: float) -> None:
    scale = document.get(*section, "scale")
    if scale == "logarithmic" and low <= 0:
        document.note((*section, "minimum"), f"{low:,.10g} has no logarithm; more than 0 is needed.")
    if scale != "reverse_logarithmic":
        return
    if kind == "integer":
        message = "this scale is for continuous ranges."
        document.note((*section, "scale"), message, "Choose linear or logarithmic.")
    elif low < 0 or high >= 1:
        message = "this scale is for ranges from 0 to below 1."
        document.note((*section, "scale"), message, "Choose another, or other bounds.")
