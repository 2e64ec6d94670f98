"""What is read in a quick way has to be what the slow way reads."""

import csv
import io
import random
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from runtime import Column, Features, Predictions, RequestError
from runtime.serving.formats import delimited
from runtime.serving.schema import MANY, Schema

COLUMNS = (Column("size", "number"), Column("colour", "category"))
PIECES = ["a", "1", ",", "\n", "\r", "\r\n", " ", "\t", "\0", "\x0b", "\x1c", "\u2028", "\ufeff", ";", "'", "\\", "_"]
CELLS = ["1.5", "-2e3", "", " ", " 7 ", "1_0", "nan", "-inf", "1e39", "red", "٣", "0x1", ".5", "1.", "infinity", "+4"]


def schema(non_finite: Any = "refuse") -> Schema:
    model = SimpleNamespace(
        columns=COLUMNS, labels=(), name="", non_finite=non_finite, predict=lambda batch: Predictions(batch.numbers)
    )
    return Schema(model, 10**9)


def read(text: str, non_finite: Any) -> Features | str:
    try:
        return delimited.read(text.encode(), "utf-8", schema(non_finite))
    except RequestError as error:
        return str(error)


def test_text_without_quotes_is_split_as_a_csv_reader_splits_it() -> None:
    draw = random.Random(5)  # noqa: S311 (no secret)
    for _ in range(20_000):
        text = "".join(draw.choices(PIECES, k=draw.randrange(12)))
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        assert delimited._records(text, 2) == [row for row in reader if row], repr(text)


@pytest.mark.parametrize("non_finite", ["refuse", "missing"])
def test_many_rows_are_read_as_a_few_are(non_finite: str) -> None:
    draw = random.Random(6)  # noqa: S311 (no secret)
    for _ in range(500):
        cells = draw.choices(CELLS if draw.random() < 0.5 else CELLS[:5], k=4)
        few, many = (read("\n".join(f"{cell},x" for cell in rows), non_finite) for rows in (cells, cells * MANY))
        if isinstance(few, str) or isinstance(many, str):
            assert few == many
        else:
            assert np.array_equal(np.tile(few.numbers, (MANY, 1)), many.numbers, equal_nan=True)
            assert many.numbers.dtype == np.float32
            assert many.numbers.flags.c_contiguous
            assert many.strings.flags.c_contiguous
