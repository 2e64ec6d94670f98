"""The training data as they stand in the CSV files: text, with the file and line that each row came from."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from forest.errors import TrainingError, listed, quoted
from forest.header import did_you_mean, separated_by
from forest.values import is_numeric


class Row(NamedTuple):
    """One record, its cells in the order of the table's names."""

    file: str
    line: int
    cells: list[str]

    @property
    def place(self) -> str:
        """Where the row stands, for a message."""
        return f"{self.file}, line {self.line}"


@dataclass(frozen=True)
class Table:
    """The rows of all files, under the names of the first file's header."""

    names: tuple[str, ...]
    rows: list[Row]


def read_table(folder: Path, target: str) -> Table:
    """Read every CSV file below a folder, in the order of their paths; the first line of each is its header.

    Raises:
        TrainingError: a file is missing, empty, ragged, not UTF-8, or its header is not a header of this table.
    """
    paths = sorted(path for path in folder.rglob("*.csv") if path.is_file())
    if not paths:
        found = listed([path.name for path in sorted(folder.rglob("*")) if path.is_file()])
        raise TrainingError(f"Give the {folder.name} channel a .csv file: it has {found or 'no file at all'}.")
    names: tuple[str, ...] = ()
    rows: list[Row] = []
    for path in paths:
        file = path.relative_to(folder).as_posix()
        records = _records(path, file)
        header = _header(records, file, target)
        names = names or header
        rows += _rows(records, file, header, names)
    return Table(names, rows)


def joined(first: Table, second: Table) -> Table:
    """Return the rows of both, under the names of the first.

    Raises:
        TrainingError: the columns differ.
    """
    if different := sorted(set(first.names) ^ set(second.names)):
        raise TrainingError(f"Give train and validation the same columns: they differ in {listed(different)}.")
    order = [second.names.index(name) for name in first.names]
    moved = [Row(row.file, row.line, [row.cells[index] for index in order]) for row in second.rows]
    return Table(first.names, first.rows + moved)


def _records(path: Path, file: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record that is not blank with the line that it starts on."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise TrainingError(
            f"Save {file} as UTF-8: line {line} has the byte 0x{content[error.start]:02X}, which is not UTF-8."
        ) from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise TrainingError(f"Correct the quotes or commas of {file}, line {line}: {error}.") from error


def _header(records: Iterator[tuple[int, list[str]]], file: str, target: str) -> tuple[str, ...]:
    _, cells = next(records, (0, None))
    if cells is None:
        raise TrainingError(f"Put a header and rows into {file}: the file is empty.")
    if target not in cells and (separator := separated_by(cells)):
        raise TrainingError(f"Save {file} with commas: its header, {quoted(cells[0])}, is separated by {separator}.")
    if target not in cells and any(is_numeric(cell) for cell in cells):
        raise TrainingError(f"Add a header line to {file}: its first line, {quoted(','.join(cells))}, is data.")
    if target not in cells:
        raise TrainingError(
            f"Correct the target: {file} has no column {quoted(target)}; its columns are {listed(cells)}."
            f"{did_you_mean([target], cells)}"
        )
    twice = [name for name, count in Counter(cells).items() if count > 1]
    if twice:
        raise TrainingError(f"Give each column of {file} a name of its own: {listed(twice)} is there more than once.")
    if "" in cells:
        raise TrainingError(f"Name column {cells.index('') + 1} of {file}, or remove it: its header is empty.")
    return tuple(cells)


def _rows(
    records: Iterator[tuple[int, list[str]]], file: str, header: tuple[str, ...], names: tuple[str, ...]
) -> Iterator[Row]:
    if set(header) != set(names):
        different = sorted(set(header) ^ set(names))
        raise TrainingError(f"Give all files the same columns: {file} and the first differ in {listed(different)}.")
    order = [header.index(name) for name in names]
    for line, cells in records:
        if len(cells) != len(header):
            raise TrainingError(
                f"Correct {file}, line {line}: it has {len(cells)} cells, and the header names {len(header)} columns."
            )
        yield Row(file, line, cells if header == names else [cells[index] for index in order])
