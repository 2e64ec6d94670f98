"""Arrays on disk: the operating system keeps of them in memory what it has room for."""

import os
import tempfile
from typing import IO, Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

# How many rows of an array are worked on at a time.
ROWS_AT_ONCE = 8192


class Growing:
    """An array [rows, width] that rows are added to, in a file that nothing but this process sees."""

    def __init__(self, dtype: DTypeLike, width: int) -> None:
        # Without a name from the beginning: whatever ends the process, nothing stays behind.
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (`whole` closes it)
        self._dtype, self._width, self._rows = np.dtype(dtype), width, 0

    def add(self, columns: list[NDArray[Any]], rows: int) -> None:
        """Add some rows, given as their columns."""
        block = np.empty((rows, self._width), self._dtype)
        for index, column in enumerate(columns):
            block[:, index] = column
        self._file.write(block.tobytes())
        self._rows += rows

    def whole(self) -> NDArray[Any]:
        """Return all rows; none can be added afterwards."""
        with self._file:
            self._file.flush()
            return _mapped(self._file, self._dtype, (self._rows, self._width))


def on_disk(dtype: DTypeLike, shape: tuple[int, ...]) -> NDArray[Any]:
    """Return an array of zeros that is on disk, for which room is taken at once.

    Raises:
        OSError: there is no room; found out when a page is written, it would end the process without a word (SIGBUS).
    """
    size = int(np.dtype(dtype).itemsize * np.prod(shape))
    with tempfile.TemporaryFile() as file:
        if size and hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file.fileno(), 0, size)
        else:
            file.truncate(size)
        return _mapped(file, np.dtype(dtype), shape)


def slices(rows: int) -> list[slice]:
    """Return the slices that so many rows are worked on in."""
    return [slice(start, min(start + ROWS_AT_ONCE, rows)) for start in range(0, rows, ROWS_AT_ONCE)]


def _mapped(file: IO[bytes], dtype: np.dtype[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """Map a file, which may be closed then."""
    if not np.prod(shape):  # no file can be mapped that is empty
        return np.empty(shape, dtype)
    return np.asarray(np.memmap(file, dtype, "r+", shape=shape))
