from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from trainer import Train, Trainer

TERMINATED = 128 + signal.SIGTERM


@pytest.fixture
def base(container: Trainer, tmp_path: Path, data: str) -> Path:
    """A job of 20 steps, with a folder for its checkpoints."""
    container.prepare(tmp_path, {"prices.csv": data}, {"problem": "regression", "target": "price", "steps": "20"})
    (tmp_path / "checkpoints").mkdir()
    return tmp_path


def test_each_tenth_is_a_line_of_the_log(container: Trainer, base: Path) -> None:
    lines = [line for line in container.again(base).log.splitlines() if line.startswith("metric progress=")]
    assert lines == [f"metric progress={tenth / 10};" for tenth in range(1, 11)]


def test_a_stopped_job_goes_on_where_it_was(container: Trainer, base: Path) -> None:
    stopped = container.again(base, signal=signal.SIGTERM, line="Step 7.")
    assert stopped.code == TERMINATED
    assert stopped.failure.startswith("Start the job again if you still want the model: it was stopped (SIGTERM)")
    resumed = container.again(base)
    assert "Step 7." not in resumed.log
    assert "Step 8." in resumed.log
    assert (resumed.code, resumed.failure) == (0, "")


@pytest.mark.parametrize(("name", "value"), [("steps", "21"), ("split_seed", "1")])
def test_another_job_does_not(container: Trainer, base: Path, data: str, name: str, value: str) -> None:
    container.again(base, signal=signal.SIGTERM, line="Step 7.")
    outcome = container.train(base, {}, **{"steps": "20", name: value})
    assert "Step 0." in outcome.log
    assert "Checkpoints that are not used, of other data, hyperparameters or versions: 1." in outcome.log


def test_nor_does_one_with_other_data(container: Trainer, base: Path, data: str) -> None:
    container.again(base, signal=signal.SIGTERM, line="Step 7.")
    outcome = container.train(base, {"prices.csv": data.replace("115.0", "115.5", 1)}, steps="20")
    assert "Step 0." in outcome.log


def test_without_the_folder_a_stopped_job_ends_at_once(container: Trainer, base: Path) -> None:
    (base / "checkpoints").rmdir()
    stopped = container.again(base, signal=signal.SIGTERM, line="Step 7.")
    assert stopped.code == TERMINATED
    assert "Step 8." not in stopped.log


def test_a_stopped_job_that_is_reading_ends_at_once(container: Trainer, base: Path) -> None:
    stopped = container.again(base, signal=signal.SIGTERM, line="Columns, inferred")
    assert stopped.code == TERMINATED
    assert "Rows:" not in stopped.log


def test_the_inputs_are_only_read(container: Trainer, base: Path) -> None:
    before = {path: path.read_bytes() for path in (base / "input").rglob("*") if path.is_file()}
    assert container.again(base).code == 0
    assert before == {path: path.read_bytes() for path in (base / "input").rglob("*") if path.is_file()}


def test_the_failure_of_an_attempt_before_is_removed(train: Train, data: str) -> None:
    outcome = train({"prices.csv": data}, steps="0")
    assert outcome.failure
    assert train({"prices.csv": data}).failure == ""


def test_labels_that_the_model_has_not_learnt_count_as_mistakes(train: Train) -> None:
    rows = ["size,kind", *(f"{number},{'ab'[number % 3 == 0]}" for number in range(180)), *["1,c"] * 20]
    outcome = train({"kinds.csv": "\n".join(rows)}, target="kind", problem="multiclass", split_method="ordered")
    assert outcome.manifest["labels"] == ["a", "b"]
    assert outcome.metrics["accuracy"] == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_disk_is_told(train: Train, data: str) -> None:
    outcome = train({"prices.csv": data}, fills_the_disk="1")
    assert outcome.code == 1
    assert outcome.failure == "Give the job a larger volume: [Errno 28] No space left on device."
