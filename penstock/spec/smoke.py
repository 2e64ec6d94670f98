"""The smoke file: a CSV header and a few rows that every new endpoint must answer."""

import csv
from collections.abc import Iterator, Mapping
from math import isfinite
from pathlib import Path

from penstock.spec.mistakes import Mistake, UnreadableError, plural, quoted, suggestion
from penstock.spec.source import read_text

# The rows travel inside the state machine's definition, which must stay far below 1 MB.
MAX_BYTES = 64 * 1024


def smoke_rows(path: Path, file: str) -> tuple[str, ...]:
    """Return the lines of a smoke file that are not blank, the header first; `file` is its name in messages.

    Raises:
        UnreadableError: it is missing, too large, or not UTF-8.
    """
    return tuple(line for _, line in _lines(path, file))


def smoke_mistakes(path: Path, file: str, target: str | None, columns: Mapping[str, str] | None) -> Iterator[Mistake]:
    """Yield what is wrong in a smoke file.

    `target` is the column that it must not have, and `columns` are those that it must have, with the type of each; both
    only where they are known.
    """
    try:
        lines = _lines(path, file)
    except UnreadableError as error:
        yield error.mistake
        return
    if len(lines) < 2:  # noqa: PLR2004
        message = f"{plural(len(lines), 'line')}; a header and one row at least are needed."
        yield Mistake(file, 1, 1, message, "Copy the header and a few rows of the data, without the target column.")
    header: list[str] = []
    for number, line in lines:
        try:
            cells = next(csv.reader([line], strict=True))
        except csv.Error as error:
            yield Mistake(file, number, 1, f"not a row of CSV: {error}.", "Each row is one line.")
            continue
        if not header:
            header = cells
            yield from _header_mistakes(header, file, number, target)
            yield from _column_mistakes([name for name in header if name != target], file, number, columns)
        elif len(cells) != len(header):
            yield Mistake(file, number, 1, f"{plural(len(cells), 'value')}, where the header has {len(header)}.")
        else:
            yield from _number_mistakes(zip(header, cells, strict=True), file, number, columns)
        if "${" in line or "{%" in line:
            message = "${ or {% in a row, which a state machine's definition would replace."
            yield Mistake(file, number, 1, message, "Choose another row.")


def _lines(path: Path, file: str) -> list[tuple[int, str]]:
    text = read_text(path, file, limit=MAX_BYTES)
    return [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]


def _header_mistakes(header: list[str], file: str, line: int, target: str | None) -> Iterator[Mistake]:
    if target in header:
        message = f"the target column {quoted(target)} is here."
        yield Mistake(file, line, 1, message, "Remove it: the endpoint gets rows without it.")
    for name in sorted({name for name in header if header.count(name) > 1}):
        yield Mistake(file, line, 1, f"the column {quoted(name)} is given {header.count(name)} times.", "Keep one.")


def _column_mistakes(header: list[str], file: str, line: int, columns: Mapping[str, str] | None) -> Iterator[Mistake]:
    if columns is None:
        return
    if missing := [name for name in columns if name not in header]:
        message = f"the header lacks {', '.join(map(quoted, missing))} of data.columns."
        remedy = f"Name exactly these: {', '.join(columns)}."
        yield Mistake(file, line, 1, message, remedy)
    for name in dict.fromkeys(header):
        if name not in columns:
            message = f"the column {quoted(name)} is not in data.columns."
            yield Mistake(file, line, 1, message, suggestion(name, missing) or "Remove it, or add it there.")


def _number_mistakes(
    cells: Iterator[tuple[str, str]], file: str, line: int, columns: Mapping[str, str] | None
) -> Iterator[Mistake]:
    for name, cell in cells:
        if (columns or {}).get(name) == "number" and not _is_number_or_empty(cell):
            message = f"{quoted(cell)} is not a number, as data.columns has it for {quoted(name)}."
            yield Mistake(file, line, 1, message, "Write a number, or leave it empty.")


def _is_number_or_empty(cell: str) -> bool:
    try:
        return not cell.strip() or ("_" not in cell and isfinite(float(cell)))
    except ValueError:
        return False
