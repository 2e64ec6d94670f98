from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from penstock.contract.check import Verdict
from penstock.contract.checks import CHECKS
from penstock.contract.job import Job
from penstock.contract.limits import Limits
from penstock.contract.subject import Subject
from penstock.contract.table import Problem, Table
from penstock.local.programs.program import Program

TINY = Path(__file__).with_name("tiny")
# For what comes, also on a busy machine; a test of what never comes has a shorter one.
LIMITS = Limits(train=60, stop_train=60, start_serve=60, ping=10, answer=60, stop_serve=60)

MakeSubject = Callable[..., Subject]
Judge = Callable[[str, Subject], Verdict]


@pytest.fixture(scope="session")
def tiny() -> Path:
    """A container that keeps the whole contract, and needs the standard library alone."""
    return TINY


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Job:
    """A job of it that succeeded."""
    program = Program(TINY, Path(sys.prefix))
    subject = Subject(program, Table("regression"), tmp_path_factory.mktemp("tiny"), hyperparameters={}, limits=LIMITS)
    return subject.trained


@pytest.fixture
def make_subject(tmp_path: Path) -> Iterator[MakeSubject]:
    """Take that container as a subject; in `file` of it `old` may be replaced by `new`, so that it misbehaves."""
    made = []

    def make(
        file: str = "", old: str = "", new: str = "", *, limits: Limits = LIMITS, problem: Problem = "regression"
    ) -> Subject:
        folder = tmp_path / "container"
        shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("__pycache__"))
        if file:
            text = (folder / file).read_text()
            assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {file}"
            (folder / file).write_text(text.replace(old, new))
        program = Program(folder, Path(sys.prefix))
        subject = Subject(program, Table(problem), tmp_path / "work", hyperparameters={}, limits=limits)
        made.append(subject)
        return subject

    yield make
    for subject in made:
        with subject:
            pass


@pytest.fixture(scope="session")
def judge() -> Judge:
    """Make one check, by its title."""

    def run(title: str, subject: Subject) -> Verdict:
        (check,) = [check for check in CHECKS if check.title == title]
        return check.judge(subject)

    return run
