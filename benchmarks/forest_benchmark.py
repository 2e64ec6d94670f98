"""Is the container's forest as good as it should be?

Trains with `containers/forest/train` on Big Mart's records, once for each of 20 split seeds, and beside it 500 trees
without bounds on the same splits. The mean hold-out RMSE should be at most 1,100, and at most 0.98 of the peer's.

    python benchmarks/forest_benchmark.py [Train.csv]
"""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from penstock.local.programs.environments import environment
from penstock.spec import load_project
from penstock.spec.metrics import training_hyperparameters

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared/data/bigmart/Train.csv"
CONTAINER = ROOT / "containers/forest"
SPLITS = 20
LARGEST_RMSE = 1_100
LARGEST_RATIO = 0.98


def container_rmse(base: Path, hyperparameters: dict[str, str], variables: dict[str, str]) -> Iterator[float]:
    """Train once for each split seed, as SageMaker does, and yield the RMSE that the log tells."""
    config = base / "input/config/hyperparameters.json"
    for seed in range(SPLITS):
        config.write_text(json.dumps(hyperparameters | {"split_seed": str(seed)}))
        log = subprocess.check_output([CONTAINER / "train"], env=variables, encoding="utf-8")
        found = re.search(r"^metric rmse=([0-9.eE+-]+);$", log, re.MULTILINE)
        if found is None:
            raise ValueError(f"train printed no rmse:\n{log}")
        yield float(found[1])


def unbounded_rmse(base: Path, variables: dict[str, str]) -> list[float]:
    """Fit the peer for each split seed."""
    command = ["python3", str(ROOT / "benchmarks/unbounded_forest.py"), str(base), str(SPLITS)]
    output = subprocess.check_output(command, env=variables | {"PYTHONPATH": str(CONTAINER)}, encoding="utf-8")
    return [float(line) for line in output.splitlines()]


def main() -> int:
    """Run both, print the comparison, and return 0 if both targets are met."""
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    if not data.is_file():
        print(f"forest: skipped, {data} is not there. Give Big Mart's Train.csv as the argument.")
        return 0
    packages = environment(CONTAINER / "requirements.txt", ROOT / ".penstock/environments")
    hyperparameters = training_hyperparameters(load_project(ROOT).pipelines["bigmart"])
    del hyperparameters["split_validation"]  # no job has divided the rows before: the program holds some out itself
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        for name in ("input/config", "input/data/train"):
            (base / name).mkdir(parents=True)
        shutil.copy(data, base / "input/data/train")
        variables = {"PATH": f"{packages / 'bin'}:{os.environ['PATH']}", "SAGEMAKER_BASE_DIR": str(base)}
        started = time.monotonic()
        ours = list(container_rmse(base, hyperparameters, variables))
        between = time.monotonic()
        peers = unbounded_rmse(base, variables)
        ended = time.monotonic()
    mean, peer = statistics.mean(ours), statistics.mean(peers)
    met = mean <= LARGEST_RMSE and mean / peer <= LARGEST_RATIO
    print(f"Hold-out RMSE, mean of {SPLITS} splits (smallest to largest), and seconds a run")
    for name, found, seconds in (
        ("containers/forest", ours, between - started),
        ("500 unbounded trees", peers, ended - between),
    ):
        spread = f"({min(found):,.1f} to {max(found):,.1f})"
        print(f"  {name:20} {statistics.mean(found):8,.1f}  {spread:22} {seconds / SPLITS:5.1f} s")
    print(f"  ratio                {mean / peer:8.3f}")
    print(f"{'✓' if met else '✗'} at most {LARGEST_RMSE:,}, and at most {LARGEST_RATIO} of the peer")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
