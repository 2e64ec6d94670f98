"""Checks of what judges a model: `evaluate`, `gate`, `approval` and `smoke_test`."""

from penstock.spec.checks.metric import check_metric
from penstock.spec.document import Document
from penstock.spec.pipeline import PipelineFile


def check_judging(document: Document) -> None:
    """Note what is wrong with the ways in which a model is judged."""
    problem = document.get("problem")
    if document.get("evaluate", "positive_rate") is not None and problem not in (None, "binary", "anomaly"):
        message = f"{problem} problems have no threshold of a score."
        document.note(("evaluate", "positive_rate"), message, "Remove it.", key=True)
    if "approval_timeout_hours" in document.data and document.get("approval", default="none") == "none":
        message = "no approval is asked for."
        document.note(("approval_timeout_hours",), message, "Remove it, or add approval: manual.", key=True)
    _check_gate(document)
    _check_smoke_test(document)


def _check_gate(document: Document) -> None:
    gate = document.get("gate")
    if gate is None:
        return
    check_metric(document, "gate")
    if "at_most" in gate and "at_least" in gate:
        document.note(("gate",), "both at_most and at_least are given.", "Give one of the two.", key=True)
    if not {"at_most", "at_least", "versus_champion"} & gate.keys():
        message = "none of at_most, at_least and versus_champion is given."
        document.note(("gate",), message, "Give a bound, or compare with the champion.", key=True)


def _check_smoke_test(document: Document) -> None:
    if ("smoke_test",) not in document.keys and document.get("deploy", "kind", default="realtime") not in (
        None,
        "batch",
    ):
        document.note(("smoke_test",), "missing.", PipelineFile.model_fields["smoke_test"].description or "")
    low, high = document.get("smoke_test", "minimum"), document.get("smoke_test", "maximum")
    for bound, value in (("minimum", low), ("maximum", high)):
        if value is not None and document.get("problem") not in (None, "regression"):
            document.note(("smoke_test", bound), "bounds are for regression problems.", "Remove it.", key=True)
    if low is not None and high is not None and low >= high:
        document.note(("smoke_test", "maximum"), f"{high:,.10g} is not above the minimum, {low:,.10g}.")
