"""Train a forest: what the executable `train` runs."""

import os
import signal
import sys
import traceback
from pathlib import Path
from types import FrameType

import numpy as np
from numpy.typing import NDArray

from forest.dataset import Dataset, make_dataset
from forest.errors import TrainingError
from forest.hyperparameters import Hyperparameters, read_hyperparameters
from forest.labels import check_labels
from forest.split import held_out
from forest.table import Table, joined, read_table

FAILURE_LENGTH = 1024  # SageMaker shows no more of it
TERMINATED = 128 + signal.SIGTERM


def main() -> int:
    """Run the training job below `SAGEMAKER_BASE_DIR` and return the exit code."""
    base = Path(os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml"))
    _stop_on_sigterm(base)
    try:
        _train(base)
    except TrainingError as error:
        _fail(base, str(error))
    except Exception as error:  # whatever it is, the job has to say why it failed
        traceback.print_exc()
        _fail(base, f"See the training log for the traceback: {type(error).__name__}: {error}")
    else:
        return 0
    return 1


def _train(base: Path) -> None:
    hyperparameters = read_hyperparameters(base / "input/config/hyperparameters.json")
    table, learnt = _rows(base / "input/data", hyperparameters.target)
    dataset = make_dataset(table, hyperparameters)
    # What is judged by is the validation channel, else what the split holds out.
    mask = np.arange(len(table.rows)) >= learnt if learnt is not None else held_out(table, hyperparameters.split)
    labels = check_labels(dataset.target, mask, hyperparameters.problem)
    _describe(dataset, hyperparameters, mask)
    # A second of imports, for which the errors of the data should not have to wait.
    from forest.fitting import fit_and_save  # noqa: PLC0415

    found = fit_and_save(base / "model", dataset, mask, labels, hyperparameters)
    for name, value in found.items():
        _say(f"metric {name}={value:.10g};")


def _rows(channels: Path, target: str) -> tuple[Table, int | None]:
    """Return the rows of all channels, and how many come before those of the validation channel, if there is one."""
    table = read_table(channels / "train", target)
    if not (channels / "validation").is_dir():
        return table, None
    if not table.rows:
        raise TrainingError("Give the train channel rows: there is none below the header.")
    return joined(table, read_table(channels / "validation", target)), len(table.rows)


def _describe(dataset: Dataset, hyperparameters: Hyperparameters, mask: NDArray[np.bool_]) -> None:
    origin = "inferred" if hyperparameters.columns is None else "declared"
    _say(f"Columns, {origin}: {', '.join(f'{column.name} ({column.kind})' for column in dataset.columns)}.")
    _say(f"Rows: {(~mask).sum():,} to learn from, {mask.sum():,} to judge by.")


def _say(line: str) -> None:
    """Write a line of the training log, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _fail(base: Path, message: str) -> None:
    """Write the reason to where SageMaker reads it, and to the log."""
    sys.stderr.write(f"{message}\n")
    shown = message if len(message) <= FAILURE_LENGTH else message[: FAILURE_LENGTH - 1] + "…"
    path = base / "output/failure"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(shown, "utf-8", "backslashreplace")


def _stop_on_sigterm(base: Path) -> None:
    """End at once when the job is stopped: as process 1 of a container, Python would ignore the signal."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        _fail(base, "Start the job again if you still want the model: it was stopped (SIGTERM) before it had ended.")
        os._exit(TERMINATED)

    signal.signal(signal.SIGTERM, stop)
