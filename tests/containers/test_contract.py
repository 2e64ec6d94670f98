"""Every container that trains and serves keeps the contract, and so does a new one."""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from penstock.contract.checks import CHECKS
from penstock.contract.limits import Limits
from penstock.contract.subject import Subject
from penstock.contract.table import Table
from penstock.local.programs.building import build
from penstock.scaffold.container import new_container

if TYPE_CHECKING:
    from penstock.contract.check import Verdict
    from penstock.contract.table import Problem

ROOT = Path(__file__).parents[2]
# PyPI has not all that torch needs: https://docs.astral.sh/uv/guides/integration/pytorch/
OURS = sorted({path.parent.name for path in ROOT.glob("containers/*/train")} - {"torch"})
# For what comes, also on a busy machine.
LIMITS = Limits(train=300, start_serve=120, ping=10, stop_serve=60)
# What depends on the model: the rest is the runtime's, and one container is enough for it.
OF_THE_MODEL = {
    "train ends with exit code 0 and leaves a model",
    "train prints its metrics",
    "train gives the same bytes for the same input",
    "serve predicts each row of CSV",
    "serve reads JSON, and answers JSON",
    "serve gives a row the same answer in any batch",
    "serve predicts rows with empty cells and unseen categories",
    "serve ends on a model of which one bit is changed",
}

OF_A_CLASSIFIER = {
    "train ends with exit code 0 and leaves a model",
    "serve predicts each row of CSV",
    "serve reads JSON, and answers JSON",
}


@contextlib.contextmanager
def _built(folder: Path, work: Path, problem: Problem) -> Iterator[Subject]:
    program = build(folder, ROOT / ".penstock")
    with Subject(program, Table(problem), work, hyperparameters={}, limits=LIMITS) as subject:
        yield subject


def _failed(subject: Subject, titles: Collection[str]) -> list[Verdict]:
    verdicts = [check.judge(subject) for check in CHECKS if check.title in titles]
    assert len(verdicts) == len(titles)
    return [verdict for verdict in verdicts if verdict.outcome == "failed"]


@pytest.mark.parametrize("name", OURS)
def test_ours(name: str, tmp_path: Path) -> None:
    with _built(ROOT / "containers" / name, tmp_path, "regression") as subject:
        assert _failed(subject, OF_THE_MODEL) == []


@pytest.mark.parametrize(
    ("problem", "metric", "at_least"),
    [("regression", "r2", 0.98), ("binary", "auc", 0.97), ("multiclass", "accuracy", 0.8)],
)
def test_a_new_one(problem: Problem, metric: str, at_least: float, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "containers/runtime", tmp_path / "runtime", ignore=shutil.ignore_patterns("__pycache__"))
    new_container(tmp_path, "prices", problem)
    titles = {check.title for check in CHECKS} if problem == "regression" else OF_A_CLASSIFIER
    with _built(tmp_path / "prices", tmp_path / "work", problem) as subject:
        assert _failed(subject, titles) == []
        printed = re.search(rf"^metric {metric}=(.+);$", subject.trained.log.read_text(), re.MULTILINE)
        assert printed is not None
        assert float(printed[1]) > at_least
