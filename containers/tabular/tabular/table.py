"""Tables in memory, and as CSV files."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tabular.csvfiles import csv_files, header, records
from tabular.errors import TabularError, listed


@dataclass(frozen=True)
class Table:
    """Rows of text, in the order of the names."""

    names: tuple[str, ...]
    rows: list[list[str]]

    def column(self, name: str) -> list[str]:
        """Return the cells of a column."""
        index = self.names.index(name)
        return [row[index] for row in self.rows]

    def select(self, names: Sequence[str]) -> Table:
        """Return the table with these columns alone, in this order."""
        if tuple(names) == self.names:
            return self
        order = [self.names.index(name) for name in names]
        return Table(tuple(names), [[row[index] for index in order] for row in self.rows])


def read_table(folder: Path) -> Table:
    """Read every CSV file below a folder; the first line of each is its header.

    Raises:
        TabularError: there is no file, one is empty, ragged or not UTF-8, or their columns differ.
    """
    names: tuple[str, ...] = ()
    rows: list[list[str]] = []
    for name, path in csv_files(folder):
        reader = records(path, name)
        found = header(reader, name)
        names = names or found
        if set(found) != set(names):
            different = listed(sorted(set(found) ^ set(names)))
            raise TabularError(f"{name}: its columns and those of the first file differ in {different}.")
        order = None if found == names else [found.index(each) for each in names]
        for line, cells in reader:
            if len(cells) != len(found):
                raise TabularError(f"{name}: line {line:,} has {len(cells)} cells, and the header {len(found)}.")
            rows.append(cells if order is None else [cells[index] for index in order])
    return Table(names, rows)


def write_rows(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Write rows as a CSV file, in its folder, which is made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
