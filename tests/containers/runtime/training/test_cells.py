from __future__ import annotations

import itertools

import numpy as np
import pytest

from runtime import TrainingError
from runtime.training import cells
from runtime.training.table import Chunk
from runtime.values import MISSING, number

TEXTS = ["", " ", "1", " 2 ", "+3.5", "-0", "1e38", "1e39", "nan", "inf", "1_0", "x", "\uff11"]


def one_by_one(texts: tuple[str, ...]) -> list[float | None]:
    """Return the numbers, and nothing in place of what is none."""
    found: list[float | None] = []
    for text in texts:
        try:
            found.append(number(text))
        except ValueError:
            found.append(None)
    return found


@pytest.mark.parametrize("texts", [*itertools.combinations(TEXTS, 2)])
def test_cells_that_are_read_together_are_read_as_one_by_one(texts: tuple[str, ...]) -> None:
    expected = one_by_one(texts)
    column = cells.Numbers("size", "remedy")
    found = column.read(Chunk("a.csv", [2, 3], []), texts)
    np.testing.assert_array_equal(found, [MISSING if value is None else value for value in expected])
    if wrong := expected.count(None):
        line = 2 + expected.index(None)
        with pytest.raises(TrainingError, match=rf'Correct "size" at a\.csv, line {line}, .*: {wrong}\.$'):
            column.check()
    else:
        column.check()


def test_a_column_of_too_many_texts_is_no_category(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "MOST_CATEGORIES", 2)
    column = cells.Categories("id")
    assert column.read(("b", "a", "b")).tolist() == [0, 1, 0]
    with pytest.raises(TrainingError, match=r'Leave "id" out of `columns`, or declare it a number: .* more than 2'):
        column.read(("c",))
