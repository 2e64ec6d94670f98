"""The rows that the checks are made with: two numbers and two categories, of which the target can be learnt."""

import csv
import io
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Problem = Literal["regression", "binary", "multiclass"]
Row = Sequence[str]
COLUMNS = {"size": "number", "weight": "number", "colour": "category", "shape": "category"}
TARGET = "price"
LABELS = {"binary": ("cheap", "dear"), "multiclass": ("cheap", "dear", "fair")}
_ROWS, _VALIDATION = 360, 60
_EMPTY = 0.1  # the share of empty cells in a column of each kind
_COLOURS = {"red": 0.0, "green": 40.0, "blue": 80.0}
_DEAR, _FAIR = 190.0, 130.0


@dataclass(frozen=True)
class Table:
    """The same rows each time, for one kind of problem."""

    problem: Problem

    @property
    def hyperparameters(self) -> dict[str, str]:
        """What a pipeline passes to the container for these rows."""
        return {
            "problem": self.problem,
            "target": TARGET,
            "columns": json.dumps(COLUMNS),
            "minimum_rows": "100",
            "split_method": "hash",
            "split_validation": "0.1",
            "split_test": "0.1",
            "split_seed": "0",
        }

    @cached_property
    def channels(self) -> dict[str, dict[str, str]]:
        """The files of each channel: the rows to learn from are in two."""
        learnt, judged = self._rows[:-_VALIDATION], self._rows[-_VALIDATION:]
        half = len(learnt) // 2
        train = {"part-1.csv": written(learnt[:half]), "part-2.csv": written(learnt[half:])}
        return {"train": train, "validation": {"part-1.csv": written(judged)}}

    @cached_property
    def unlabelled(self) -> list[Row]:
        """The rows to predict, without the target."""
        return [row[:-1] for row in self._rows[-_VALIDATION:]]

    @cached_property
    def _rows(self) -> list[Row]:
        chance = random.Random(5)  # noqa: S311  the same rows each time, and no secret
        return [self._row(chance) for _ in range(_ROWS)]

    def _row(self, chance: random.Random) -> Row:
        size, weight = chance.uniform(1, 20), chance.uniform(1, 5)
        colour, shape = chance.choice(list(_COLOURS)), chance.choice(["round", "square, flat"])
        price = 10 * size + 5 * weight + _COLOURS[colour] + chance.gauss(0, 3)
        cells = [f"{size:.2f}", "" if chance.random() < _EMPTY else f"{weight:.2f}"]
        return [*cells, colour, "" if chance.random() < _EMPTY else shape, self._target(price)]

    def _target(self, price: float) -> str:
        if self.problem == "regression":
            return f"{price:.2f}"
        if self.problem == "binary":
            return "dear" if price > _DEAR else "cheap"
        return next((label for limit, label in ((_DEAR, "dear"), (_FAIR, "fair")) if price > limit), "cheap")


def written(rows: Sequence[Row], *, header: bool = True) -> str:
    """Return rows as CSV; the names in the header are those of as many columns as there are."""
    text = io.StringIO()
    names = [*COLUMNS, TARGET]
    csv.writer(text, lineterminator="\n").writerows([names[: len(rows[0])], *rows] if header else rows)
    return text.getvalue()
