from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from trainer import prices

if TYPE_CHECKING:
    from pathlib import Path

    from trainer import Trainer

MANY = {"target": "price", "problem": "regression", "num_iterations": "400", "min_data_in_leaf": "2"}
DRAWING = {"feature_fraction": "0.5", "feature_fraction_bynode": "0.7"}
STOPPING = {"early_stopping_round": "390", "learning_rate": "0.01"}  # long after the interruptions
LABELS = {"problem": "multiclass", "num_iterations": "200", "split_method": "ordered", "learning_rate": "0.5"}


def labelled() -> str:
    """Return rows of three labels; one of them is soon certain, and its further trees have one leaf."""
    lines = ["size,price"]
    for number in range(300):
        label = "high" if number % 3 == 0 else ("low", "middle")[number % 11 < 5]
        lines.append(f"{number % 3}.{number % 7},{label}")
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("data", "told"),
    [(prices(), {}), (prices(), DRAWING), (prices(), STOPPING), (labelled(), LABELS)],
    ids=["regression", "drawing", "stopping", "multiclass"],
)
def test_a_job_that_is_stopped_and_killed_goes_on_to_the_same_model(
    container: Trainer, tmp_path: Path, data: str, told: dict[str, str]
) -> None:
    uninterrupted = container.train(tmp_path / "uninterrupted", {"rows.csv": data}, **MANY | told)
    base = tmp_path / "interrupted"
    (base / "checkpoints").mkdir(parents=True)
    container.prepare(base, {"rows.csv": data}, MANY | told)
    stopped = container.again(base, signal=signal.SIGTERM, line="progress=0.3;")
    assert stopped.code == 128 + signal.SIGTERM
    assert container.again(base, signal=signal.SIGKILL, line="progress=0.6;").code == -signal.SIGKILL
    assert not (base / "model").exists()
    resumed = container.again(base)
    assert "Goes on from a checkpoint of " in resumed.log
    assert resumed.code == 0, resumed.log
    assert (resumed.model, resumed.manifest) == (uninterrupted.model, uninterrupted.manifest)
