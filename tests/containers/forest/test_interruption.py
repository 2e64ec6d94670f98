from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from trainer import prices

if TYPE_CHECKING:
    from pathlib import Path

    from trainer import Outcome, Trainer

TERMINATED = 128 + signal.SIGTERM
MANY = {"n_estimators": "200", "min_samples_leaf": "1"}


@pytest.fixture(scope="module", params=["forest", "boosting"])
def uninterrupted(
    request: pytest.FixtureRequest, container: Trainer, tmp_path_factory: pytest.TempPathFactory
) -> Outcome:
    base = tmp_path_factory.mktemp("uninterrupted")
    return container.train(base, {"prices.csv": prices()}, **MANY, algorithm=request.param)


def again(container: Trainer, uninterrupted: Outcome, base: Path) -> Path:
    """Prepare the same job once more, with a folder for its checkpoints."""
    hyperparameters = uninterrupted.manifest["hyperparameters"]
    told = {"problem": "regression", "target": "price", **MANY, "algorithm": hyperparameters["algorithm"]}
    container.prepare(base, {"prices.csv": prices()}, told)
    (base / "checkpoints").mkdir()
    return base


def test_a_job_that_is_stopped_and_killed_goes_on_to_the_same_model(
    container: Trainer, uninterrupted: Outcome, tmp_path: Path
) -> None:
    base = again(container, uninterrupted, tmp_path)
    stopped = container.again(base, signal=signal.SIGTERM, line="progress=0.3;")
    assert stopped.code == TERMINATED
    assert stopped.failure.startswith("Start the job again if you still want the model: it was stopped (SIGTERM)")
    assert container.again(base, signal=signal.SIGKILL, line="progress=0.6;").code == -signal.SIGKILL
    assert not (base / "model").exists()
    resumed = container.again(base)
    assert "Goes on from a checkpoint of " in resumed.log
    assert (resumed.code, resumed.failure) == (0, "")
    assert (resumed.model, resumed.manifest) == (uninterrupted.model, uninterrupted.manifest)


def test_without_a_folder_for_checkpoints_a_stopped_job_begins_anew(
    container: Trainer, uninterrupted: Outcome, tmp_path: Path
) -> None:
    base = again(container, uninterrupted, tmp_path)
    (base / "checkpoints").rmdir()
    assert container.again(base, signal=signal.SIGTERM, line="progress=0.3;").code == TERMINATED
    assert not (base / "checkpoints").exists()
    assert container.again(base).model == uninterrupted.model
