"""The rows of all files, a chunk at a time; what cannot be read is noted, and the rest goes on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tabular.checking.findings import Findings, Sightings
from tabular.csvfiles import csv_files, header, records
from tabular.errors import TabularError, counted, listed

CHUNK_ROWS = 20_000


@dataclass(frozen=True)
class Chunk:
    """Rows of one file by column, and the line that each began on; `file` is empty if there is only one file."""

    file: str
    lines: list[int]
    columns: dict[str, tuple[str, ...]]

    def place(self, row: int) -> str:
        """Where a row stands, for a message."""
        line = f"line {self.lines[row]:,}"
        return f"{self.file}, {line}" if self.file else line


def chunks(folder: Path, findings: Findings) -> Iterator[Chunk]:
    """Yield the rows of every CSV file below a folder.

    Raises:
        TabularError: there is no CSV file at all.
    """
    files = csv_files(folder)
    names: tuple[str, ...] = ()
    for name, path in files:
        reader = records(path, name)
        try:
            found = header(reader, name)
            names = names or found
            if set(found) != set(names):
                different = listed(sorted(set(found) ^ set(names)))
                findings.add("", "schema", f"{name}: its columns and those of the first file differ in {different}.")
                continue
            yield from _chunks_of(reader, name, found, findings, shown="" if len(files) == 1 else name)
        except TabularError as error:
            findings.add("", "file", str(error))


def _chunks_of(
    reader: Iterator[tuple[int, list[str]]], name: str, names: tuple[str, ...], findings: Findings, shown: str
) -> Iterator[Chunk]:
    ragged = Sightings()
    lines: list[int] = []
    rows: list[list[str]] = []
    error: TabularError | None = None
    while True:
        try:
            record = next(reader, None)
        except TabularError as found:  # the rows before it are profiled all the same
            record, error = None, found
        if rows and (record is None or len(rows) == CHUNK_ROWS):
            yield Chunk(shown, lines, dict(zip(names, zip(*rows))))
            lines, rows = [], []
        if record is None:
            break
        line, cells = record
        if len(cells) == len(names):
            lines.append(line)
            rows.append(cells)
        else:
            ragged.add(counted(len(cells), "cell"), f"line {line:,}")
    if ragged.rows:
        findings.add("", "ragged_rows", f"{name}: {len(names)} columns, but {ragged}.")
    if error:
        raise error
