"""`application/x-npy`: an array as numpy saves it, never with pickled objects."""

import io
import math
import sys
from collections.abc import Sequence

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from runtime.columns import Features
from runtime.errors import RequestError, quoted
from runtime.model import Predictions
from runtime.serving.cells import ARRAY, TEXT
from runtime.serving.schema import Schema
from runtime.values import LARGEST

DIMENSIONS = 2
SURROGATES, SURROGATE_BITS = 0xD800 >> 11, 11  # they differ in their last bits only
HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


def read(body: bytes, _charset: str, schema: Schema) -> Features:
    """Read an array [rows, columns] of numbers, in which NaN is missing, or of text.

    Raises:
        RequestError: it is no such array, or a row is not one of the model's.
    """
    array = _array(body, schema)
    if array.dtype.kind == "S":
        raise RequestError('Send text as a numpy array of str (dtype "U"), not of bytes.')
    if array.dtype.kind == "U":
        return schema.from_rows(array.tolist(), TEXT)
    plain = array.dtype.kind != "b" and not schema.has_categories and array.shape[1] == len(schema.names)
    if plain and len(array) and not (np.abs(array) > LARGEST).any():
        return Features(np.ascontiguousarray(array, np.float32), np.empty((len(array), 0), object))
    return schema.from_rows(array.tolist(), ARRAY)


def write(predictions: Predictions, _labels: Sequence[str]) -> bytes:
    """Write an array [rows]: float32 in a regression, and labels as text."""
    values = predictions.values
    file = io.BytesIO()
    npy.write_array(file, values.astype(str) if values.dtype == object else values, allow_pickle=False)
    return file.getvalue()


def _array(body: bytes, schema: Schema) -> NDArray[np.generic]:
    """Return the array, of which every number in the header was checked: the body decides, not what it claims."""
    file = io.BytesIO(body)
    try:
        shape, by_columns, kind = HEADERS[npy.read_magic(file)](file)
    except Exception as error:  # numpy reads the header as a piece of Python, which can be wrong in any way
        raise RequestError(f"The body is not an array as numpy saves it: {quoted(str(error))}.") from error
    if kind.hasobject:
        raise RequestError("Send an array of numbers or text: one of pickled objects is not read.")
    if kind.kind not in "buifUS" or kind.itemsize == 0:
        raise RequestError(f"Send an array of numbers or text: its type is {quoted(str(kind))}.")
    if len(shape) != DIMENSIONS or min(shape) < 0 or bool in map(type, shape):
        raise RequestError(f"Send an array [rows, {len(schema.names)}]: its shape is {quoted(str(shape))}.")
    cells, left = math.prod(shape), len(body) - file.tell()
    if cells * kind.itemsize != left:
        raise RequestError(
            f"Send the whole array: its shape {quoted(str(shape))} is {cells * kind.itemsize:,} bytes, {left:,} came."
        )
    if not cells:
        raise RequestError("Send at least one row: the body has none.")
    schema.check_size(cells)
    flat = np.frombuffer(body, kind, cells, file.tell())
    _check_text(flat)
    return flat.reshape(shape[::-1]).T if by_columns else flat.reshape(shape)


def _check_text(flat: NDArray[np.generic]) -> None:
    """Refuse what Python's text, or UTF-8, cannot hold: numpy itself looks at it only as it makes text of it."""
    if flat.dtype.kind != "U":
        return
    codes = flat.view(f"{flat.dtype.str[0]}u4")
    if ((codes > sys.maxunicode) | (codes >> SURROGATE_BITS == SURROGATES)).any():
        raise RequestError("Send text that is Unicode: the array has characters that are none.")
