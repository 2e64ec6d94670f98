"""What a model says of each row: a value or a label, and for a binary problem the positive label's score."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tabular.csvfiles import records
from tabular.errors import TabularError, counted
from tabular.evaluating.server import Answer, Server
from tabular.settings import Settings
from tabular.table import Table, write_rows

FILE = "predictions.csv"
LARGEST_BODY = 1_000_000  # bytes, not counting the last row
WITH_SCORE = 2


@dataclass(frozen=True)
class Predictions:
    """One text for each row, in the rows' order; `scores` beside them if the model gives them, else None."""

    texts: list[str]
    scores: list[float] | None = None

    def write(self, folder: Path) -> None:
        """Write one prediction a line, with its score if there is one."""
        rows = [[text] for text in self.texts]
        if self.scores is not None:
            rows = [[text, repr(score)] for text, score in zip(self.texts, self.scores)]
        write_rows(folder / FILE, rows)


def read_predictions(folder: Path) -> Predictions:
    """Read what `Predictions.write` wrote."""
    rows = [cells for _, cells in records(folder / FILE, FILE)]
    if rows and all(len(row) == WITH_SCORE for row in rows):
        return Predictions([row[0] for row in rows], [float(row[1]) for row in rows])
    return Predictions([row[0] for row in rows])


def predict(server: Server, table: Table, settings: Settings) -> Predictions:
    """Have a model predict a table's rows, in batches.

    Raises:
        TabularError: the model refuses them, or its answer is not one prediction for each row.
    """
    names = list(settings.columns) if settings.columns else [name for name in table.names if name != settings.target]
    if missing := [name for name in names if name not in table.names]:
        raise TabularError(f"The test rows lack the columns {', '.join(missing)}.")
    accept = "application/json" if settings.problem == "binary" else "text/csv"
    server.wait()
    texts: list[str] = []
    scores: list[float] = []
    for body, rows in _bodies(table.select(names)):
        found = _read(server.invoke(body, accept))
        if len(found.texts) != rows:
            raise TabularError(f"The model answered {counted(rows, 'row')} with {len(found.texts):,} predictions.")
        texts += found.texts
        scores += found.scores or []
    return Predictions(texts, scores if scores and len(scores) == len(texts) else None)


def _bodies(table: Table) -> Iterator[tuple[bytes, int]]:
    """Yield CSV of some rows below a header, and how many rows it has."""
    first = 0
    while first < len(table.rows):
        body = io.StringIO()
        writer = csv.writer(body, lineterminator="\n")
        writer.writerow(table.names)
        rows = 0
        for row in table.rows[first:]:
            writer.writerow(row)
            rows += 1
            if body.tell() > LARGEST_BODY:
                break
        yield body.getvalue().encode(), rows
        first += rows


def _read(answer: Answer) -> Predictions:
    if answer.media != "application/json":
        return Predictions([row[0] for row in csv.reader(io.StringIO(answer.text, newline="")) if row])
    try:
        content = json.loads(answer.text)
        texts = [_text(value) for value in content["predictions"]]
        return Predictions(texts, _scores(content))
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise TabularError(f"The model's JSON has no predictions: {type(error).__name__}: {error}.") from error


def _scores(content: dict[str, Any]) -> list[float] | None:
    """Return the probability of the last label in the order of characters, which is the positive one."""
    labels: Sequence[str] = [_text(label) for label in content.get("labels", ())]
    if not labels or "probabilities" not in content:
        return None
    positive = labels.index(max(labels))
    return [float(row[positive]) for row in content["probabilities"]]


def _text(value: object) -> str:
    """Return a label as the data spell it: JSON has no other number for 1 than 1.0."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
