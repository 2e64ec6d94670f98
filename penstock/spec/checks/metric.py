"""The check of a metric that is named: it must be one of the problem, and known for the data."""

from penstock.spec.checks.data import lacks_target
from penstock.spec.document import Document
from penstock.spec.metrics import METRICS, NEED_TARGET
from penstock.spec.mistakes import quoted


def check_metric(document: Document, section: str) -> None:
    """Note a metric, named in a section, that the problem does not have, or not without a target."""
    problem, metric = document.get("problem"), document.get(section, "metric")
    if metric is None or not problem:
        return
    if metric not in METRICS[problem]:
        message = f"{quoted(metric)} is no metric of {problem} problems."
        document.note((section, "metric"), message, f"Those are: {', '.join(METRICS[problem])}.")
    elif metric in NEED_TARGET.get(problem, ()) and lacks_target(document):
        message = f"{quoted(metric)} compares with a target, and data.target names none."
        document.note((section, "metric"), message, "Name the column that has the truth, or another metric.")
