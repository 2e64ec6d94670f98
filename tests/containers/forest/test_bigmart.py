from __future__ import annotations

import csv
import statistics
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trainer import Outcome, Trainer

SMOKE = Path(__file__).parents[3] / "pipelines/bigmart/smoke.csv"


def test_the_generated_data_can_be_learnt_from(bigmart: Outcome) -> None:
    with (bigmart.base / "input/data/train/generated.csv").open(newline="") as file:
        sales = [float(row["Item_Outlet_Sales"]) for row in csv.DictReader(file)]
    assert bigmart.code == 0
    assert 950 < bigmart.metrics["rmse"] < 1_200
    assert bigmart.metrics["rmse"] < 0.7 * statistics.pstdev(sales)


def test_the_smoke_rows_are_served_within_the_pipelines_bounds(container: Trainer, bigmart: Outcome) -> None:
    with container.serve(bigmart.base) as server:
        answer = server.post(SMOKE.read_bytes())
    assert answer.status == 200
    assert len(answer.values) == 5
    assert all(0 <= value <= 14_000 for value in answer.values)


def test_the_leaves_bound_the_models_size(bigmart: Outcome) -> None:
    assert len(bigmart.model["model.onnx"]) < 2_000_000
