"""Run a training job by SageMaker's contract: where things are, what is printed, and how it ends.

https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo.html
"""

import errno
import os
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from runtime.errors import TrainingError
from runtime.training.dataset import Dataset, make_dataset
from runtime.training.hyperparameters import Hyperparameters, Rule, read_hyperparameters
from runtime.training.job import Job, make_job
from runtime.training.stopping import Stopped, Stopping

FAILURE_LENGTH = 1024  # SageMaker shows no more of it
STOPPED = "Start the job again if you still want the model: it was stopped (SIGTERM) before it had ended."

Fit = Callable[[Job], Mapping[str, float]]


def train(fit: Fit, rules: Mapping[str, Rule], libraries: Sequence[str] = ()) -> int:
    """Run the training job below `SAGEMAKER_BASE_DIR` and return the exit code.

    `fit` trains, and returns the metrics to print: those that `Job.save` returns. `rules` are the container's own
    hyperparameters. `libraries` are the packages whose versions decide what comes out: the manifest names them, and
    checkpoints of other versions are not used.
    """
    base = Path(os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml"))
    (base / "output/failure").unlink(missing_ok=True)  # of an attempt before this one
    stopping = Stopping(lambda: _fail(base, STOPPED))
    try:
        hyperparameters = read_hyperparameters(base / "input/config/hyperparameters.json", rules)
        dataset = make_dataset(base / "input/data", hyperparameters)
        _describe(dataset, hyperparameters)
        found = fit(make_job(base, hyperparameters, dataset, stopping, libraries))
    except Stopped:
        stopping.end()
    except TrainingError as error:
        _fail(base, str(error))
        return 1
    except Exception as error:  # whatever it is, the job has to say why it failed
        traceback.print_exc()
        traceback.clear_frames(error.__traceback__)  # its files without a name may be what fills the disk
        _fail(base, _reason(error))
        return 1
    for name, value in found.items():
        say(f"metric {name}={value:.10g};")
    return 0


def say(line: str) -> None:
    """Write a line of the training log, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return f"Give the job a larger volume: {error}."
    return f"See the training log for the traceback: {type(error).__name__}: {error}"


def _describe(dataset: Dataset, hyperparameters: Hyperparameters) -> None:
    origin = "inferred" if hyperparameters.columns is None else "declared"
    say(f"Columns, {origin}: {', '.join(f'{column.name} ({column.kind})' for column in dataset.columns)}.")
    say(f"Rows: {len(dataset.learnt):,} to learn from, {len(dataset.judged):,} to judge by.")


def _fail(base: Path, message: str) -> None:
    """Write the reason to where SageMaker reads it, and to the log."""
    sys.stderr.write(f"{message}\n")
    shown = message if len(message) <= FAILURE_LENGTH else message[: FAILURE_LENGTH - 1] + "…"
    path = base / "output/failure"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(shown, "utf-8", "backslashreplace")
