"""Smoke test: sends rows to the endpoint and checks what comes back."""

from typing import Any

from hooks import aws
from hooks.predictions import check_bounds, read_predictions


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Return the predictions for the rows, and the model that made them.

    Raises:
        SmokeTestFailed: there are too few or too many predictions, or one that cannot be right.
    """
    header, *rows = event["rows"]
    body, model = aws.predict(event["endpoint"], "\n".join([header, *rows]) + "\n")
    predictions = read_predictions(body, rows=len(rows), numbers=event["numbers"])
    check_bounds(predictions, minimum=event["minimum"], maximum=event["maximum"])
    return {"predictions": predictions, "model": model}
