"""The types of bodies that are read and written, a file each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from runtime.columns import Features
from runtime.model import Predictions
from runtime.serving.formats import delimited, jsons, npy, parquet
from runtime.serving.schema import Schema


@dataclass(frozen=True)
class Format:
    """How a body of one type is read, from its charset too, and how an answer is written, by the labels."""

    read: Callable[[bytes, str, Schema], Features]
    write: Callable[[Predictions, Sequence[str]], bytes]


FORMATS: Mapping[str, Format] = {
    "text/csv": Format(delimited.read, delimited.write),
    "application/json": Format(jsons.read, jsons.write),
    "application/jsonlines": Format(jsons.read_lines, jsons.write_lines),
    "application/x-npy": Format(npy.read, npy.write),
    "application/x-parquet": Format(parquet.read, parquet.write),
}
TYPES = tuple(FORMATS)
