from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from trainer import prices

if TYPE_CHECKING:
    from pathlib import Path

    from trainer import Train, Trainer

TERMINATED = 128 + signal.SIGTERM
# Slow, so that it is best at the end; with dropout, so that chance is needed after the interruptions too.
LONG = {"epochs": "100", "learning_rate": "0.002", "patience": "100", "dropout": "0.2"}


def test_a_job_that_is_stopped_and_killed_goes_on_to_the_same_model(
    container: Trainer, train: Train, tmp_path: Path
) -> None:
    base, files = tmp_path / "interrupted", {"prices.csv": prices()}
    uninterrupted = train(files, **LONG)
    container.prepare(base, files, {"problem": "regression", "target": "price", **LONG})
    (base / "checkpoints").mkdir()
    stopped = container.again(base, signal=signal.SIGTERM, line="progress=0.3;")
    assert stopped.code == TERMINATED
    assert stopped.failure.startswith("Start the job again if you still want the model: it was stopped (SIGTERM)")
    assert container.again(base, signal=signal.SIGKILL, line="progress=0.6;").code == -signal.SIGKILL
    assert not (base / "model").exists()
    resumed = container.again(base)
    assert "Goes on from a checkpoint of epoch " in resumed.log
    assert (resumed.code, resumed.failure) == (0, "")
    assert (resumed.model, resumed.manifest) == (uninterrupted.model, uninterrupted.manifest)
