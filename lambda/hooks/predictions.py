"""What an endpoint's predictions must be like: pure functions, with no AWS in them."""

import math
from collections.abc import Sequence
from typing import Any


class SmokeTestFailed(Exception):  # noqa: N818
    """The endpoint's predictions cannot be right."""


def read_predictions(body: str, *, rows: int, numbers: bool) -> list[str] | list[float]:
    """Return the predictions in an answer: one to a line, finite numbers if they are to be `numbers`.

    Raises:
        SmokeTestFailed: they are not.
    """
    lines = body.splitlines()
    if len(lines) != rows:
        raise _smoke_test_failed(f"{rows} rows were sent and {len(lines)} predictions came back")
    if not numbers:
        if not all(lines):
            raise _smoke_test_failed(f"the prediction for row {lines.index('') + 1} is empty")
        return lines
    return [_number(line, row) for row, line in enumerate(lines, start=1)]


def check_bounds(predictions: Sequence[Any], *, minimum: float | None, maximum: float | None) -> None:
    """Check that every prediction is within the bounds; a bound that is None is none.

    Raises:
        SmokeTestFailed: one is not.
    """
    for row, prediction in enumerate(predictions, start=1):
        if minimum is not None and prediction < minimum:
            raise _smoke_test_failed(
                f"the prediction for row {row} is {prediction:g}, less than the minimum {minimum:g}"
            )
        if maximum is not None and prediction > maximum:
            raise _smoke_test_failed(
                f"the prediction for row {row} is {prediction:g}, more than the maximum {maximum:g}"
            )


def _number(line: str, row: int) -> float:
    try:
        number = float(line)
    except ValueError:
        raise _smoke_test_failed(f'the prediction for row {row} is "{line}", which is no number') from None
    if not math.isfinite(number):
        raise _smoke_test_failed(f"the prediction for row {row} is {number}, which is not finite")
    return number


def _smoke_test_failed(what: str) -> SmokeTestFailed:
    return SmokeTestFailed(
        f"The new model answers, but its predictions for the smoke file cannot be right: {what}. See its log."
    )
