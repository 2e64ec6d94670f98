"""Where a request is worked on: by its type and size, beside the others or among them."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from runtime import Column, Features, Predictions
from runtime.serving.answering import LARGE_BODY, Answering
from runtime.serving.media import MediaType

if TYPE_CHECKING:
    from typing import Literal


class Watched:
    """A model that knows which thread called it last."""

    columns = (Column("size", "number"),)
    labels = ()
    name = "watched"
    non_finite: Literal["refuse", "missing"] = "refuse"
    caller: threading.Thread | None = None

    def predict(self, batch: Features) -> Predictions:
        self.caller = threading.current_thread()
        return Predictions(batch.numbers[:, 0])


def a_table() -> bytes:
    sink = pa.BufferOutputStream()
    parquet.write_table(pa.table({"size": np.ones(1000)}), sink)
    return bytes(sink.getvalue())


@pytest.mark.parametrize(
    ("media", "body", "where"),
    [
        ("text/csv", b"1\n", "here"),
        ("text/csv", b"1\n" * LARGE_BODY, "beside"),
        ("application/x-parquet", a_table(), "beside"),  # however few bytes it has, it may be a million rows
    ],
)
def test_what_may_take_long_is_worked_on_beside_the_others(media: str, body: bytes, where: str) -> None:
    model = Watched()
    asyncio.run(Answering(model, LARGE_BODY * 2).answer(body, MediaType(media, "utf-8"), "text/csv"))
    assert ("here" if model.caller is threading.main_thread() else "beside") == where
