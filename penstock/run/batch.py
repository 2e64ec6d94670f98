"""What a batch pipeline has predicted: the first rows beside their predictions."""

from typing import Any

from penstock.run import report
from penstock.run.artefacts import Artefacts
from penstock.run.data import Data
from penstock.spec.sections.data import Data as Columns

_ROWS = 5


def table(s3: Any, predictions: str, data: Data, spec: Columns) -> list[str]:
    """Return the lines of a table of the first rows with their predictions, and with the true values if they have any.

    Args:
        s3: an S3 client.
        predictions: the URI of the folder that has them, a line a row in the order of the rows; each line ends with the
            prediction, whether or not the row stands before it.
        data: the rows.
        spec: the columns.
    """
    stored = Artefacts(s3, predictions)
    rows, lines = data.first(_ROWS), _first(stored, _ROWS)
    if len(rows) != len(lines):
        return [f"  {predictions} has {len(lines)} predictions for the first {len(rows)} rows."]
    predicted = [line.rpartition(",")[2].strip().strip('"') for line in lines]
    return [*report.predictions(rows, spec.target, predicted), f"\n  All of them: {predictions}"]


def _first(stored: Artefacts, count: int) -> list[str]:
    lines: list[str] = []
    for name in stored.names(""):
        if len(lines) < count and name.endswith(".out"):
            lines += stored.text(name).splitlines()[: count - len(lines)]
    return lines
