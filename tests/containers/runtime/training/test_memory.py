from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

from runtime.training import dataset, table
from runtime.training.hyperparameters import read_hyperparameters

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

ROWS = 8_000


def test_files_larger_than_memory_are_read_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is in memory at any time is a part of the cells; all of them would be some 3 MB."""
    (tmp_path / "train").mkdir()
    file = tmp_path / "train/rows.csv"
    lines = (f"{number}.25,{number % 7},{'red' if number % 2 else 'blue'},{number}.5\n" for number in range(ROWS))
    file.write_text("size,width,colour,price\n" + "".join(lines))
    (tmp_path / "told.json").write_text('{"problem": "regression", "target": "price"}')
    monkeypatch.setattr(table, "CELLS_AT_ONCE", 4_000)
    hyperparameters = read_hyperparameters(tmp_path / "told.json", {})
    tracemalloc.start()
    made = dataset.make_dataset(tmp_path, hyperparameters)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(made.learnt) + len(made.judged) == ROWS
    assert peak < 1_000_000
