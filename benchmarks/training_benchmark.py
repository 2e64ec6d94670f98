"""What does it cost to train `containers/forest`, and how good is the model, beside the tutorials' way?

Both train on the same rows and are judged by the same others, turn by turn, once for each of 20 hold-outs of a tenth
of Big Mart's records: whole processes, from the CSV file to the artefact. Memory is what the process had at its
largest; the artefact is compressed, as SageMaker keeps it.

    python benchmarks/training_benchmark.py [--quick]
"""

import csv
import os
import random
import re
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean

from benchmarks.measuring.container import prepare, program
from benchmarks.measuring.data import bigmart
from benchmarks.measuring.table import Measure, Target, report
from benchmarks.peers.peer import packages, variables
from benchmarks.peers.penstock.peer import Penstock, container_variables
from benchmarks.peers.tutorial.peer import Tutorial, training

HOLD_OUTS, QUICK_HOLD_OUTS = 20, 2
SHARE = 0.1
WALL, CPU, MEMORY, ARTEFACT, RMSE = "wall time", "CPU time", "peak memory", "artefact", "RMSE (mean)"
MEASURES = (
    Measure(WALL, lambda value: f"{value:.2f} s"),
    Measure(CPU, lambda value: f"{value:.2f} s"),
    Measure(MEMORY, lambda value: f"{value / 1e6:,.0f} MB"),
    Measure(ARTEFACT, lambda value: f"{value / 1e6:,.2f} MB"),
    Measure(RMSE, lambda value: f"{value:,.1f}"),
)
TARGETS = (
    Target(WALL, Tutorial.name, 0.20),
    Target(CPU, Tutorial.name, 0.15),
    Target(MEMORY, Tutorial.name, 0.3),
    Target(ARTEFACT, Tutorial.name, 0.01),
    Target(RMSE, Tutorial.name, 0.98),
)


def hold_out(data: Path, folder: Path, seed: int) -> tuple[Path, Path]:
    """Write the rows to learn from and those to judge by, and return both files."""
    with data.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    random.Random(seed).shuffle(rows)  # noqa: S311 (no secret)
    first = round(len(rows) * SHARE)
    files = folder / "learn.csv", folder / "judge.csv"
    for path, part in zip(files, (rows[first:], rows[:first]), strict=True):
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *part])
    return files


def ours(learn: Path, judge: Path, folder: Path) -> dict[str, float]:
    """Train the container, as SageMaker does."""
    base = prepare(folder / "ml", {"train": learn, "validation": judge})
    return run([str(program().files / "train")], container_variables(base), base / "model", r"^metric rmse=([0-9.]+);$")


def tutorials(learn: Path, judge: Path, folder: Path) -> dict[str, float]:
    """Train as the tutorials do."""
    model = folder / "model"
    model.mkdir()
    return run(training(learn, model, judge), variables(packages("tutorial")), model, r"^([0-9.]+)$")


def run(argv: Sequence[str], env: Mapping[str, str], model: Path, rmse: str) -> dict[str, float]:
    """Run a training, and return the figures of it.

    Raises:
        RuntimeError: it failed, or has not told its RMSE.
    """
    started = time.perf_counter()
    with subprocess.Popen(argv, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8") as process:
        log = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    found = re.search(rmse, log, re.MULTILINE)
    if process.returncode or found is None:
        raise RuntimeError(f"{argv[0]} ended with exit code {process.returncode}:\n{log}")
    return {
        WALL: seconds,
        CPU: usage.ru_utime + usage.ru_stime,
        MEMORY: usage.ru_maxrss * 1024,
        ARTEFACT: compressed(model),
        RMSE: float(found[1]),
    }


def compressed(model: Path) -> int:
    """Return the size of the archive that SageMaker would make of a model."""
    with tempfile.TemporaryFile() as file:
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=1) as archive:
            archive.add(model, ".")
        return file.tell()


def main() -> int:
    """Measure, print the table, and return 0 if every target is met."""
    data = bigmart()
    number = QUICK_HOLD_OUTS if "--quick" in sys.argv[1:] else HOLD_OUTS
    found: dict[str, list[dict[str, float]]] = {Tutorial.name: [], Penstock.name: []}
    for seed in range(number):
        print(f"● hold-out {seed + 1} of {number}", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as folder:
            parts = hold_out(data, Path(folder), seed)
            found[Tutorial.name].append(tutorials(*parts, Path(folder)))
            found[Penstock.name].append(ours(*parts, Path(folder)))
    figures = {name: {each.name: [one[each.name] for one in ones] for each in MEASURES} for name, ones in found.items()}
    for values in figures.values():  # the quality is promised of the mean over all hold-outs
        values[RMSE] = [mean(values[RMSE])] * number
    kept = report(f"Training, {number} hold-outs", MEASURES, figures, TARGETS, Penstock.name)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
