"""Smoke test: sends rows to the endpoint and checks what comes back."""

from typing import Any

from hooks.aws import inbox, runtime
from hooks.predictions import check_bounds, read_predictions


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Return the predictions for the rows, and the model that made them.

    Raises:
        SmokeTestFailed: there are too few or too many predictions, or one that cannot be right.
    """
    header, *rows = event["rows"]
    csv = "\n".join([header, *rows]) + "\n"
    if event["inbox"]:
        body, model = inbox.predict(event["endpoint"], event["inbox"], event["run"], csv), ""
    else:
        body, model = runtime.predict(event["endpoint"], csv, variant=event["variant"])
    predictions = read_predictions(body, rows=len(rows), numbers=event["numbers"])
    check_bounds(predictions, minimum=event["minimum"], maximum=event["maximum"])
    return {"predictions": predictions, "model": model}
