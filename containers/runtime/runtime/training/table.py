"""The training data as they stand in the CSV files: text, some thousand rows at a time, with where each came from."""

import codecs
import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from runtime.errors import TrainingError, listed, quoted
from runtime.header import did_you_mean, separated_by
from runtime.values import is_numeric

# Cells of text that are in memory at a time: some 20 MB of them.
CELLS_AT_ONCE = 2**18
READ_BYTES = 2**20

_Record = tuple[int, list[str]]


@dataclass(frozen=True)
class Chunk:
    """Some rows of one file, in its order: their lines, and their cells in the order of the table's names."""

    file: str
    lines: Sequence[int]
    rows: Sequence[Sequence[str]]

    def place(self, index: int) -> str:
        """Where a row stands, for a message."""
        return f"{self.file}, line {self.lines[index]}"


@dataclass(frozen=True)
class Table:
    """The CSV files below a folder, in the order of their paths; `names` are those of the first file's header."""

    folder: Path
    paths: tuple[Path, ...]
    target: str
    names: tuple[str, ...]

    def chunks(self, names: Sequence[str] | None = None) -> Iterator[Chunk]:
        """Read the rows of all files, with the columns in the order of the names.

        Raises:
            TrainingError: a file is ragged or not UTF-8, or its header is not one of this table.
        """
        names = tuple(names or self.names)
        for path in self.paths:
            file = path.relative_to(self.folder).as_posix()
            records = _records(path, file)
            header = _header(records, file, self.target)
            if different := sorted(set(header) ^ set(self.names)):
                raise TrainingError(
                    f"Give all files the same columns: {file} and the first differ in {listed(different)}."
                )
            yield from _chunks(records, file, header, names)


def open_table(folder: Path, target: str) -> Table:
    """Find the CSV files below a folder, and read the first header; the first line of each is its header.

    Raises:
        TrainingError: there is none, it is empty, or its header is not a header with this target.
    """
    paths = tuple(sorted(path for path in folder.rglob("*.csv") if path.is_file()))
    if not paths:
        found = listed([path.name for path in sorted(folder.rglob("*")) if path.is_file()])
        raise TrainingError(f"Give the {folder.name} channel a .csv file: it has {found or 'no file at all'}.")
    file = paths[0].relative_to(folder).as_posix()
    return Table(folder, paths, target, _header(_records(paths[0], file), file, target))


def _records(path: Path, file: str) -> Iterator[_Record]:
    """Yield each record that is not blank with the line that it starts on."""
    line = 1
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, strict=True)
        try:
            for cells in reader:
                if cells:
                    yield line, cells
                line = reader.line_num + 1
        except csv.Error as error:
            raise TrainingError(f"Correct the quotes or commas of {file}, line {line}: {error}.") from error
        except UnicodeDecodeError as error:
            raise TrainingError(f"Save {file} as UTF-8: {_not_utf8(path)}, which is not UTF-8.") from error


def _not_utf8(path: Path) -> str:
    """Say where the first byte is that is not UTF-8: the reader itself does not know the line."""
    decoder, line = codecs.getincrementaldecoder("utf-8")(), 1
    with path.open("rb") as stream:
        while True:
            block = stream.read(READ_BYTES)
            kept = decoder.getstate()[0]  # the beginning of a character that the block before ended in
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                line += (kept + block).count(b"\n", 0, error.start)
                return f"line {line} has the byte 0x{error.object[error.start]:02X}"
            line += block.count(b"\n")


def _header(records: Iterator[_Record], file: str, target: str) -> tuple[str, ...]:
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


def _chunks(records: Iterator[_Record], file: str, header: tuple[str, ...], names: tuple[str, ...]) -> Iterator[Chunk]:
    order = None if header == names else [header.index(name) for name in names]
    most = max(1, CELLS_AT_ONCE // len(header))
    lines: list[int] = []
    rows: list[list[str]] = []
    for line, cells in records:
        if len(cells) != len(header):
            raise TrainingError(
                f"Correct {file}, line {line}: it has {len(cells)} cells, and the header names {len(header)} columns."
            )
        lines.append(line)
        rows.append(cells if order is None else [cells[index] for index in order])
        if len(rows) == most:
            yield Chunk(file, lines, rows)
            lines, rows = [], []
    if rows:
        yield Chunk(file, lines, rows)
