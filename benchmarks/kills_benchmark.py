"""Is the model the same, whatever happens to the training?

`containers/forest` is trained on Big Mart's records without a disturbance; then again and again, killed by SIGKILL at
a random moment and started once more with what it left in its folder of checkpoints. The model and its manifest must
be the same, byte for byte: of the forest and of boosting, in turn.

    python benchmarks/kills_benchmark.py [--quick]
"""

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measuring.container import prepare, program
from benchmarks.measuring.data import bigmart
from benchmarks.peers.penstock.peer import container_variables

KILLS, QUICK_KILLS = 20, 4
# Enough trees that most moments are among them, and not in the imports before.
HYPERPARAMETERS = ({"algorithm": "forest", "n_estimators": "600"}, {"algorithm": "boosting", "n_estimators": "300"})


def job(folder: Path, data: Path, hyperparameters: dict[str, str]) -> Path:
    """Return the base folder of a job that keeps checkpoints."""
    base = prepare(folder, {"train": data}, **hyperparameters)
    (base / "checkpoints").mkdir()
    return base


def train(base: Path, seconds: float | None = None) -> bool:
    """Train, and return whether it has ended by itself: it is killed after these seconds.

    Raises:
        RuntimeError: it failed; the message has its log.
    """
    argv = [str(program().files / "train")]
    with (base / "log").open("w+", encoding="utf-8") as log:
        process = subprocess.Popen(argv, env=container_variables(base), stdout=log, stderr=subprocess.STDOUT)
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return False
        if code:
            raise RuntimeError(f"train ended with exit code {code}:\n{(base / 'log').read_text('utf-8')}")
        return True


def files(base: Path) -> dict[str, bytes]:
    """Return the model, by its files' names."""
    return {path.name: path.read_bytes() for path in (base / "model").iterdir()}


def killed(data: Path, hyperparameters: dict[str, str], expected: dict[str, bytes], seconds: float) -> bool | None:
    """Kill a training after these seconds, let it go on, and return whether the model is as expected.

    Nothing is returned if it had ended before.
    """
    with tempfile.TemporaryDirectory() as folder:
        base = job(Path(folder) / "ml", data, hyperparameters)
        if train(base, seconds):
            return None
        left = len([*(base / "checkpoints").glob("*.checkpoint")])
        train(base)
        same = files(base) == expected
        went_on = "Goes on from a checkpoint" in (base / "log").read_text("utf-8")
    how = f"went on from {left} checkpoints" if went_on else "began anew"
    print(f"{'✓' if same else '✗'} {hyperparameters['algorithm']}, killed after {seconds:5.2f} s, {how}", flush=True)
    return same


def main() -> int:
    """Kill and compare, and return 0 if every model was the same."""
    data, generator = bigmart(), random.Random(0)  # noqa: S311 (no secret)
    kills = QUICK_KILLS if "--quick" in sys.argv[1:] else KILLS
    expected, lasted = [], []
    with tempfile.TemporaryDirectory() as folder:
        for hyperparameters in HYPERPARAMETERS:
            base = job(Path(folder) / hyperparameters["algorithm"], data, hyperparameters)
            started = time.perf_counter()
            train(base)
            lasted.append(time.perf_counter() - started)
            expected.append(files(base))
    same: list[bool] = []
    while len(same) < kills:
        which = len(same) % len(HYPERPARAMETERS)
        found = killed(data, HYPERPARAMETERS[which], expected[which], generator.uniform(0, lasted[which]))
        same += [] if found is None else [found]
    print(f"{sum(same)} of {kills} models are the same, byte for byte, as without a disturbance")
    return 0 if all(same) else 1


if __name__ == "__main__":
    sys.exit(main())
