"""A model that needs the standard library alone: the target of the row whose size is nearest.

It keeps the whole contract; tests replace a line of it, and then it does not.
"""

import csv
import hashlib
import json
import os
import signal
import sys
import time
from pathlib import Path

BASE = Path(os.environ["SAGEMAKER_BASE_DIR"])
KNOWN = {"problem", "target", "columns", "minimum_rows", "split_method", "split_validation", "split_test", "split_seed"}
PARTS = 3


class RefusedError(Exception):
    """What the job was given allows no model."""


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: os._exit(143))
    try:
        train()
    except RefusedError as error:
        failure = str(error)
        (BASE / "output/failure").write_text(failure)
        return 1
    return 0


def train() -> None:
    given = json.loads((BASE / "input/config/hyperparameters.json").read_text())
    if unknown := given.keys() - KNOWN:
        raise RefusedError(f"Unknown: {unknown}.")
    rows = read(BASE / "input/data/train", json.loads(given["columns"]), given["target"])
    learnt = learn(sorted(rows))
    sys.stdout.write("metric rmse=1.5;\nmetric accuracy=0.9;\n")
    model = json.dumps({"columns": json.loads(given["columns"]), "rows": learnt})
    (BASE / "model/model.json").write_text(model)
    (BASE / "model/sha256").write_text(hashlib.sha256(model.encode()).hexdigest())


def read(folder: Path, columns: dict[str, str], target: str) -> list[tuple[float, str]]:
    rows = []
    for path in sorted(folder.glob("*.csv")):
        header, *lines = list(csv.reader(path.read_text().splitlines())) or [[]]
        if header != [*columns, target]:
            raise RefusedError(f"{path.name} has other columns.")
        for number, line in enumerate(lines, 2):
            check(line, header, f"{path.name}:{number}")
            rows.append((float(line[0]), line[-1]))
    if not rows:
        raise RefusedError("There are no rows.")
    return rows


def check(line: list[str], header: list[str], place: str) -> None:
    if len(line) != len(header):
        raise RefusedError(f"{place} is ragged.")
    if not line[0].replace(".", "", 1).isdecimal():
        raise RefusedError(f"{place}: {line[0]} is no number.")
    if not line[-1]:
        raise RefusedError(f"{place} has no target.")


def learn(rows: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """Take the rows in some parts, and keep how many were taken."""
    checkpoint, learnt = BASE / "checkpoints/rows.json", []
    if checkpoint.exists():
        learnt = json.loads(checkpoint.read_text())
    while len(learnt) < len(rows):
        learnt += rows[len(learnt) :][: len(rows) // PARTS + 1]
        time.sleep(0.02)
        if checkpoint.parent.exists():
            (BASE / "rows.new").write_text(json.dumps(learnt))
            (BASE / "rows.new").rename(checkpoint)
    return learnt
