"""The rules of single cells: what they are not allowed to hold, looked at while the rows stream by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tabular.checking.feature import Feature, value_counts
from tabular.checking.findings import Findings, Sightings
from tabular.checking.stream import Chunk
from tabular.errors import counted


class CellRules:
    """The rules of one column's cells, and the cells that break them.

    Args:
        name: the column.
        rules: its part of the spec's `check.columns`.
        champion: the column in the champion's profile, if there is one.
        required: whether every cell has to be filled, as those of a target.
    """

    def __init__(self, name: str, rules: Mapping[str, Any], champion: Feature | None, *, required: bool) -> None:
        self.name = name
        self._minimum, self._maximum = rules.get("minimum"), rules.get("maximum")
        self._required = required
        self._known = _known_values(rules, champion)
        self._listed = rules.get("values") is not None
        self._unknown, self._below, self._above, self._missing = (Sightings() for _ in range(4))

    def look(self, chunk: Chunk, values: NDArray[np.float64]) -> None:
        """Look at the column's cells of a chunk, which are `values` as numbers."""
        cells = chunk.columns[self.name]
        if self._known is not None and (unknown := set(cells) - self._known):
            self._note(self._unknown, chunk, [index for index, cell in enumerate(cells) if cell in unknown])
        if self._minimum is not None:
            self._note(self._below, chunk, np.flatnonzero(values < self._minimum).tolist())
        if self._maximum is not None:
            self._note(self._above, chunk, np.flatnonzero(values > self._maximum).tolist())
        if self._required and any(not cell or cell.isspace() for cell in set(cells)):
            blank = [index for index, cell in enumerate(cells) if not cell or cell.isspace()]
            self._note(self._missing, chunk, blank)

    def report(self, findings: Findings, *, numeric: bool) -> None:
        """Say which rules are broken; those of numbers cannot be of a column of text."""
        name = self.name
        if self._missing.rows:
            rows = counted(self._missing.rows, "row")
            findings.add(name, "missing_target", f"{name}: {rows} without a target: {self._missing}.")
        if self._unknown.rows:
            values = counted(self._unknown.distinct, "value")
            what = f"not in check.columns.{name}.values" if self._listed else "never seen before"
            findings.add(name, "new_values", f"{name}: {values} {what}: {self._unknown}.")
        if (self._minimum, self._maximum) != (None, None) and not numeric:
            findings.add(name, "data_type_check", f"{name}: minimum and maximum are for numbers, and this is text.")
            return
        for seen, side, limit in ((self._below, "below", self._minimum), (self._above, "above", self._maximum)):
            if seen.rows:
                findings.add(name, "range", f"{name}: {counted(seen.rows, 'row')} {side} {limit:g}: {seen}.")

    def _note(self, sightings: Sightings, chunk: Chunk, rows: list[int]) -> None:
        cells = chunk.columns[self.name]
        for row in rows:
            sightings.add(cells[row], chunk.place(row))


def _known_values(rules: Mapping[str, Any], champion: Feature | None) -> set[str] | None:
    """Return the only values that are allowed, None for any; an empty cell is a matter of other rules."""
    if rules.get("values") is not None:
        return {str(value) for value in rules["values"]} | {""}
    if rules.get("new_values") != "refuse" or champion is None or "string_statistics" not in champion:
        return None
    return set(value_counts(champion)) | {""}
