"""Hashes of rows: the same row has the same one in every run, wherever it stands and whatever else the data hold."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path

from tabular.table import Table

SEPARATOR = "\x1f"
FILE = "seen.bin"


def digest(cells: Sequence[str]) -> bytes:
    """Return 8 bytes that stand for these cells, in this order."""
    return sha256(SEPARATOR.join(cells).encode()).digest()[:8]


def row_hashes(table: Table) -> array[int]:
    """Return each row's hash: of its cells, the target's too, by the columns' names in order."""
    ordered = table.select(sorted(table.names))
    return _little_endian(b"".join(digest(row) for row in ordered.rows))


def write_seen(folder: Path, hashes: Iterable[int]) -> None:
    """Write the hashes of the rows that a model learns from: sorted, 8 bytes each, the lowest first."""
    content = array("Q", sorted(hashes))
    if sys.byteorder == "big":
        content.byteswap()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_bytes(content.tobytes())


def read_seen(folder: Path | None) -> array[int] | None:
    """Return the hashes of the rows that a model has learnt from, one for each; None if it left no such file."""
    path = folder / FILE if folder else None
    return _little_endian(path.read_bytes()) if path and path.is_file() else None


def _little_endian(content: bytes) -> array[int]:
    found = array("Q", content)
    if sys.byteorder == "big":
        found.byteswap()
    return found
