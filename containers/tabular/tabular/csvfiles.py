"""The CSV files of a folder, read record by record: a file need not fit into memory."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tabular.errors import TabularError, listed, quoted
from tabular.values import number

SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}


def csv_files(folder: Path) -> list[tuple[str, Path]]:
    """Return the CSV files below a folder with their names, in the order of their paths.

    Raises:
        TabularError: there is none.
    """
    paths = sorted(path for path in folder.rglob("*.csv") if path.is_file())
    if not paths:
        found = listed([path.name for path in sorted(folder.rglob("*")) if path.is_file()])
        raise TabularError(f"Give {folder.name} a .csv file: it has {found or 'no file at all'}.")
    return [(path.relative_to(folder).as_posix(), path) for path in paths]


def records(path: Path, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record that is not blank with the line that it starts on.

    Raises:
        TabularError: the file is not UTF-8, or its quotes are wrong.
    """
    line = 1
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            for cells in reader:
                if cells:
                    yield line, cells
                line = reader.line_num + 1
        except csv.Error as error:
            raise TabularError(f"{name}: line {line:,}: correct the quotes or commas: {error}.") from error
        except UnicodeDecodeError as error:
            raise TabularError(f"{name}: {_undecodable(path)}; save the file as UTF-8.") from error


def header(reader: Iterator[tuple[int, list[str]]], name: str) -> tuple[str, ...]:
    """Take the first record as the names of the columns.

    Raises:
        TabularError: it is no header, or one whose names do not tell the columns apart.
    """
    _, cells = next(reader, (0, []))
    if not cells:
        raise TabularError(f"{name}: the file is empty; put a header and rows into it.")
    if len(cells) == 1 and (separators := [kind for mark, kind in SEPARATORS.items() if mark in cells[0]]):
        raise TabularError(f"{name}: the header is separated by {separators[0]}; save the file with commas.")
    if twice := [cell for cell, count in Counter(cells).items() if count > 1]:
        raise TabularError(f"{name}: more than one column is named {listed(twice)}; give each a name of its own.")
    if "" in cells:
        raise TabularError(f"{name}: column {cells.index('') + 1} has no name; name it or remove it.")
    if all(number(cell) is not None for cell in cells):
        raise TabularError(f"{name}: the first line, {quoted(','.join(cells))}, is data; add a header line.")
    return tuple(cells)


def _undecodable(path: Path) -> str:
    line = 0
    with path.open("rb") as file:
        try:
            for content in file:
                line += 1
                content.decode()
        except UnicodeDecodeError as error:
            return f"line {line:,} has the byte 0x{error.object[error.start]:02X}, which is not UTF-8"
    return "it was not UTF-8 while it was read"
