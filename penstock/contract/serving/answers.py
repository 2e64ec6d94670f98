"""What a server answers to rows that can be predicted."""

import math
from collections.abc import Callable, Sequence

from penstock.contract.check import BreachError, Check
from penstock.contract.server import CSV, JSON, instances, predictions
from penstock.contract.subject import Subject
from penstock.contract.table import COLUMNS, LABELS, Row, written

_AS_ONE = 1e-5  # float32 sums in another order differ less
_CLOSE = 1e-4

Body = Callable[[Sequence[Row]], str | bytes]


def _predicts_each_row(subject: Subject) -> None:
    rows = subject.table.unlabelled
    found = subject.server.predict(written(rows))
    if len(found) != len(rows):
        raise BreachError(f"a prediction for each of {len(rows)} rows", f"{len(found)}", "Answer one a line, in order.")
    wrong = [value for value in found if not _is_value(value, subject)]
    if wrong:
        labels = LABELS.get(subject.table.problem)
        expected = f"the labels {', '.join(labels)}" if labels else "finite numbers"
        raise BreachError(f"{expected}, one a line", wrong[0][:60], "Answer as docs/containers.md says of the problem.")


def _is_value(text: str, subject: Subject) -> bool:
    labels = LABELS.get(subject.table.problem)
    if labels is not None:
        return text in labels
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _same(title: str, body: Body, content_type: str = CSV, accept: str = CSV) -> Check[Subject]:
    """Return a check that rows written in some way have the predictions that they have as plain CSV."""

    def run(subject: Subject) -> None:
        rows, server = subject.table.unlabelled, subject.server
        require_same(server.predict(written(rows)), server.predict(body(rows), content_type, accept), title, _CLOSE)

    return Check(f"serve reads {title}", run)


def _same_in_any_batch(subject: Subject) -> None:
    rows, server = subject.table.unlabelled, subject.server
    together = server.predict(written(rows))
    alone = [value for row in rows for value in server.predict(written([row]))]
    require_same(together, alone, "each row alone", _AS_ONE)
    backwards = server.predict(written(rows[::-1]))
    require_same(together, backwards[::-1], "the rows in reverse", _AS_ONE)


def require_same(expected: Sequence[str], found: Sequence[str], what: str, tolerance: float) -> None:
    """Check that predictions are the same.

    Raises:
        BreachError: they are not.
    """
    if len(expected) != len(found):
        raise BreachError(f"{len(expected)} predictions for {what}", str(len(found)), "Answer one for each row.")
    for number, (one, other) in enumerate(zip(expected, found, strict=True), 1):
        if one != other and not _near(one, other, tolerance):
            raise BreachError(
                f"the same predictions for {what} as for the rows as CSV together",
                f"row {number} is {other[:60]} and not {one[:60]}",
                "Fit nothing on the rows of a request, and keep their order and their columns.",
            )


def _near(one: str, other: str, tolerance: float) -> bool:
    try:
        return math.isclose(float(one), float(other), rel_tol=tolerance, abs_tol=tolerance)
    except ValueError:
        return False


def _serves_the_unknown(subject: Subject) -> None:
    rows = [["", "", "", ""], ["5", "2", "a colour that was never seen", "round"], ["5", "2", "rot/赤", ""]]
    found = subject.server.predict(written(rows))
    if len(found) != len(rows) or not all(_is_value(value, subject) for value in found):
        raise BreachError(
            "a prediction for rows with empty cells and unseen categories",
            ", ".join(found)[:200],
            "Impute what is missing as in training, and take an unseen category for an unknown one.",
        )


def _is_stable_on(value: str) -> Check[Subject]:
    def run(subject: Subject) -> None:
        answer = subject.server.post(written([[value, "2", "red", "round"]]))
        refused = answer.status == 400  # noqa: PLR2004  Bad Request
        if not refused and not all(_is_value(text, subject) for text in predictions(answer, CSV)):
            raise BreachError(
                f"a prediction, or the status 400, for a number that is {value}",
                answer.body.decode("utf-8", errors="replace")[:200],
                "Take it for missing, or refuse it: an answer that is no number breaks who reads it.",
            )

    return Check(f"serve predicts or refuses a number that is {value}", run)


def _as_windows_writes_it(rows: Sequence[Row]) -> bytes:
    return written(rows).replace("\n", "\r\n").encode("utf-8-sig")


CHECKS = (
    Check("serve predicts each row of CSV", _predicts_each_row),
    _same("CSV without a header", lambda rows: written(rows, header=False)),
    _same(
        "CSV with a byte order mark and CRLF",
        lambda rows: b"\xef\xbb\xbf" + written(rows).replace("\n", "\r\n").encode(),
    ),
    _same("CSV with a charset in its type", written, "text/csv; charset=utf-8"),
    _same("CSV, and answers JSON", written, accept=JSON),
    _same("JSON", lambda rows: instances(rows, COLUMNS), JSON),
    _same("JSON, and answers JSON", lambda rows: instances(rows, COLUMNS), JSON, JSON),
    Check("serve gives a row the same answer in any batch", _same_in_any_batch),
    Check("serve predicts rows with empty cells and unseen categories", _serves_the_unknown),
    _is_stable_on("nan"),
    _is_stable_on("inf"),
)
