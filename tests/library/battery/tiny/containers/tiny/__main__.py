"""Check, process, score and evaluate, with the files of the real programs and the standard library alone.

A model is a number that is predicted, and an error that it is judged to have: its RMSE on any rows.
"""

import argparse
import csv
import hashlib
import json
import math
import os
import sys
import tarfile
from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Row = dict[str, str]
Settings = Mapping[str, str]

REQUIRED = {
    "check": ("data", "settings", "output"),
    "process": ("data", "settings", "output"),
    "score": ("model", "test", "settings", "output"),
    "evaluate": ("model", "test", "settings", "output"),
}
OPTIONAL = ("champion", "code", "columns-from", "seen", "champion-model", "champion-predictions", "champion-seen")


def main(command: str, arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog=command, allow_abbrev=False)
    for name in (*REQUIRED[command], *OPTIONAL):
        parser.add_argument(f"--{name}", type=Path, required=name in REQUIRED[command])
    parser.add_argument("--champion-run", default="")
    parser.add_argument("--files", type=int, default=1)
    parser.add_argument("--predict", action="store_true")
    given = parser.parse_args(arguments)
    settings = json.loads((given.settings / "settings.json").read_text())["hyperparameters"]
    reason = settings.get(f"break_{command}")
    if reason is None:
        given.output.mkdir(parents=True, exist_ok=True)
        globals()[command](given, settings)
        return 0
    message = Path(os.environ["SAGEMAKER_BASE_DIR"]) / "output" / "message"
    message.parent.mkdir(parents=True, exist_ok=True)
    message.write_text(reason)
    return 1


def check(given: Namespace, _settings: Settings) -> None:
    rows = read(given.data)
    features = [{"name": name, "inferred_type": "Fractional"} for name in (rows[0] if rows else [])]
    profile = {"version": 0.0, "dataset": {"item_count": len(rows)}, "features": features}
    (given.output / "profile.json").write_text(json.dumps(profile))


def process(given: Namespace, settings: Settings) -> None:
    rows = read(given.data)
    if given.predict:
        with (given.output / "predict-0000.csv").open("w", newline="") as file:
            csv.writer(file).writerows([row["x"]] for row in rows)
        header = given.output.parent / "header"
        header.mkdir(parents=True, exist_ok=True)
        (header / "header.csv").write_text("x\n")
        return
    tested = max(1, round(len(rows) * float(settings["split_test"])))
    share = float(settings["split_validation"])
    validated = max(1, round(len(rows) * share)) if share else 0
    parts = {
        "train": rows[: -tested - validated],
        "validation": rows[-tested - validated : -tested],
        "test": rows[-tested:],
    }
    for name, part in parts.items():
        if part:
            (given.output / name).mkdir()
            with (given.output / name / "part-0000.csv").open("w", newline="") as file:
                writer = csv.DictWriter(file, list(part[0]))
                writer.writeheader()
                writer.writerows(part)
    seen = sorted(digest(row) for row in parts["train"] + parts["validation"])
    (given.output / "seen").mkdir()
    (given.output / "seen" / "seen.bin").write_bytes(b"".join(one.to_bytes(8, "little") for one in seen))


def score(given: Namespace, settings: Settings) -> None:
    lines = (f"{one}\n" for one in predicted(given.model, read(given.test), settings))
    (given.output / "predictions.csv").write_text("".join(lines))


def evaluate(given: Namespace, settings: Settings) -> None:
    rows = read(given.test)
    targets = [float(row[settings["target"]]) for row in rows]
    metrics = judged(targets, predicted(given.model, rows, settings))
    champion, comparison = None, None
    if given.champion_model or given.champion_predictions:
        former = judged(targets, former_predictions(given, rows, settings))
        champion = {"run": given.champion_run, "rows": len(rows), "metrics": former}
        comparison = {name: compared(former[name], metrics[name], len(rows)) for name in metrics}
    values = {name: {"value": value, "standard_deviation": 0.0} for name, value in metrics.items()}
    own = {"rows": len(rows), "metrics": metrics, "champion": champion, "comparison": comparison, "not_compared": ""}
    evaluation = {"regression_metrics": values, "penstock": own}
    (given.output / "evaluation.json").write_text(json.dumps(evaluation))
    (given.output / "report.html").write_text(f"<html><body><pre>{json.dumps(own, indent=1)}</pre></body></html>")


def former_predictions(given: Namespace, rows: list[Row], settings: Settings) -> list[float]:
    if given.champion_model:
        return predicted(given.champion_model, rows, settings)
    return [float(line) for line in (given.champion_predictions / "predictions.csv").read_text().split()]


def predicted(folder: Path, rows: list[Row], settings: Settings) -> list[float]:
    with tarfile.open(folder / "model.tar.gz") as archive:
        file = archive.extractfile("model.json")
        assert file is not None
        model = json.load(file)
    return [float(row[settings["target"]]) + model["error"] for row in rows]


def judged(targets: list[float], predictions: list[float]) -> dict[str, Any]:
    errors = [one - other for one, other in zip(predictions, targets, strict=True)]
    mse = sum(error * error for error in errors) / len(errors)
    metrics = {"rmse": math.sqrt(mse), "mae": sum(map(abs, errors)) / len(errors), "mse": mse, "r2": 0.5}
    return {name: value if math.isfinite(value) else None for name, value in metrics.items()}


def compared(former: float, new: float | None, rows: int) -> dict[str, Any]:
    worse = None if new is None else 100 * (new - former) / abs(former) if former else 0.0
    same = {"worse_percent": worse, "lower": worse, "upper": worse}
    return {"champion": former, "challenger": new, **same, "confidence": 0.95, "resamples": 1, "rows": rows}


def read(folder: Path) -> list[Row]:
    rows: list[Row] = []
    for path in sorted(folder.rglob("*.csv")):
        with path.open(newline="") as file:
            rows += csv.DictReader(file)
    return rows


def digest(row: Row) -> int:
    return int.from_bytes(hashlib.sha256(json.dumps(sorted(row.items())).encode()).digest()[:8], "little")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
