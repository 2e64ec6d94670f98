"""Checks of `data`, and of what `check` says of its columns."""

from penstock.spec.checks.texts import MAX_VALUE
from penstock.spec.document import Document
from penstock.spec.metrics import as_text
from penstock.spec.mistakes import quoted, suggestion
from penstock.spec.sections.data import Data, Split

_UNLABELLED = ("clustering", "anomaly")  # problems that are learnt without a target
# What can be said of the columns of each type only.
_OF_TYPE = {"minimum": "number", "maximum": "number", "values": "category", "new_values": "category"}


def check_data(document: Document) -> None:
    """Note what is wrong with the target, the columns and the split."""
    _check_target(document)
    _check_split(document)
    columns = document.get("data", "columns")
    for location, value in (
        (("data", "columns"), columns),
        (("data", "split", "key"), document.get("data", "split", "key")),
    ):
        if value and (length := len(as_text(value))) > MAX_VALUE:
            message = f"{length:,} characters as JSON; SageMaker passes at most {MAX_VALUE:,} to a container."
            document.note(location, message, "Name fewer columns.")
    for name in document.get("check", "columns") or ():
        _check_column(document, name, columns)


def _check_target(document: Document) -> None:
    target, columns = document.get("data", "target"), document.get("data", "columns")
    if lacks_target(document) and document.get("problem") not in (None, *_UNLABELLED):
        document.note(("data", "target"), "missing.", Data.model_fields["target"].description or "")
    if target and target in (columns or ()):
        remedy = "Remove it here; data.target names it."
        document.note(("data", "columns", target), "the target is no column to learn from.", remedy, key=True)


def lacks_target(document: Document) -> bool:
    """Whether the data are given, and no target with them."""
    return document.get("data") is not None and ("data", "target") not in document.keys


def _check_split(document: Document) -> None:
    split = ("data", "split")
    method = document.get(*split, "method")
    if document.get(*split, "key") and method in ("random", "ordered"):
        document.note((*split, "key"), f"the method {method} uses no key.", "Remove it, or split by hash.")
    shares = [document.get(*split, part, default=Split.model_fields[part].default) for part in ("validation", "test")]
    if None not in shares and sum(shares) >= 1:
        message = f"validation and test are {sum(shares):,.10g} of the rows together, and leave none to train on."
        document.note(split, message, "Let them be less than 1 together.", key=True)


def _check_column(document: Document, name: str, columns: dict[str, str] | None) -> None:
    section, target = ("check", "columns", name), document.get("data", "target")
    if columns and name not in (*columns, target):
        message = "there is no such column in data.columns."
        document.note(section, message, suggestion(name, columns) or "Name a column of the data.", key=True)
    kind = (columns or {}).get(name)
    for key, needed in _OF_TYPE.items():
        if (*section, key) in document.keys and kind not in (None, needed):
            document.note(
                (*section, key), f"{quoted(name)} is a {kind}; this is for a {needed}.", "Remove it.", key=True
            )
    low, high = document.get(*section, "minimum"), document.get(*section, "maximum")
    if low is not None and high is not None and low >= high:
        document.note((*section, "maximum"), f"{high:,.10g} is not above the minimum, {low:,.10g}.")
    if document.get(*section, "values") and document.get(*section, "new_values") == "allow":
        message = "with other values allowed, the list under values has no effect."
        document.note((*section, "new_values"), message, "Remove one of the two.")
