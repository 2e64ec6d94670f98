"""`containers/forest`, built as the local cloud builds it, and a model that it has trained."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from benchmarks.measuring.data import ROOT
from penstock.local.programs.building import build
from penstock.local.programs.program import Program
from penstock.spec import load_project
from penstock.spec.metrics import training_hyperparameters

CONTAINER = ROOT / "containers/forest"


def program() -> Program:
    """Return the container's program, built once for each state of its files."""
    return build(CONTAINER, ROOT / ".penstock")


def hyperparameters() -> dict[str, str]:
    """Return what a run of the Big Mart pipeline passes, but the split: the rows have not been divided before."""
    found = training_hyperparameters(load_project(ROOT).pipelines["bigmart"])
    return {name: value for name, value in found.items() if name != "split_validation"}


def prepare(base: Path, channels: Mapping[str, Path], **changes: str) -> Path:
    """Fill the folder that is /opt/ml with a file for each channel, and return it."""
    for channel, file in channels.items():
        (base / "input/data" / channel).mkdir(parents=True)
        shutil.copy(file, base / "input/data" / channel / "rows.csv")
    (base / "input/config").mkdir(parents=True)
    (base / "input/config/hyperparameters.json").write_text(json.dumps(hyperparameters() | changes))
    return base


def trained(folder: Path, data: Path) -> Path:
    """Train on all of a file but what the split holds out, and return the folder of the model.

    Raises:
        RuntimeError: the training failed; the message has its log.
    """
    base, log = prepare(folder / "ml", {"train": data}), folder / "train.log"
    if code := program().start("train", base=base, variables={}, log=log).wait():
        raise RuntimeError(f"containers/forest: train ended with exit code {code}.\n{log.read_text()}")
    return base / "model"
