"""The files that processing writes: a folder for each part, each of them a channel of training."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tabular.errors import TabularError, quoted
from tabular.processing.split import PARTS, TEST
from tabular.rowhash import row_hashes, write_seen
from tabular.table import Table, write_rows

LARGEST_BATCH = 5_000_000  # bytes: a transform job's request is 6 MB at most by default


def write_parts(folder: Path, table: Table, parts: Sequence[int], files: int) -> dict[str, int]:
    """Write each part's rows with a header, and `seen/seen.bin`; return how many rows each part has.

    A part without rows has no file. `files` is how many files a part is written in, for instances that each take some.
    """
    counts = {}
    for part, name in enumerate(PARTS):
        rows = [row for row, own in zip(table.rows, parts) if own == part]
        counts[name] = len(rows)
        used = min(files, len(rows))
        for index in range(used):
            path = folder / name / (f"{name}.csv" if files == 1 else f"{name}-{index:04}.csv")
            write_rows(path, [table.names, *rows[index::used]])
    hashes = row_hashes(table)
    write_seen(folder / "seen", [value for value, part in zip(hashes, parts) if part != TEST])
    return counts


def write_batches(folder: Path, rows: Iterable[Sequence[str]]) -> int:
    """Write rows to predict, without a header, in files of one request each; return how many files.

    Raises:
        TabularError: a cell has a line break, where a transform job would take the row apart.
    """
    number = 0
    for number, batch in enumerate(_batches(rows), 1):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"predict-{number:04}.csv").write_bytes(batch.encode())
    return number


def _batches(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    lines: list[str] = []
    size = 0
    for number, row in enumerate(rows, 1):
        if broken := [cell for cell in row if "\n" in cell or "\r" in cell]:
            raise TabularError(
                f"Row {number:,} to predict has a line break in the cell {quoted(broken[0])}, and a transform job reads"
                " a row a line: replace it in the data, or in process.py."
            )
        line = io.StringIO()
        csv.writer(line, lineterminator="\n").writerow(row)
        length = len(line.getvalue().encode())
        if lines and size + length > LARGEST_BATCH:
            yield "".join(lines)
            lines, size = [], 0
        lines.append(line.getvalue())
        size += length
    if lines:
        yield "".join(lines)
