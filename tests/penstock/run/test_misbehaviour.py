"""The faults of a run, its own and others'."""

from typing import Any, cast

import pytest

from penstock.errors import CloudError
from penstock.local.control import Connection
from penstock.local.faults import Faults
from penstock.local.faults.plan import read_lines
from penstock.run.misbehaviour import misbehaviour


class Cloud:
    """A connection to faults in this process."""

    def __init__(self) -> None:
        self.board = Faults()

    def faults(self, *, plan: Any = (), forget: Any = ()) -> dict[str, Any]:
        return self.board.serve({"plan": [vars(fault) for fault in plan], "forget": forget})


@pytest.fixture
def cloud() -> Cloud:
    return Cloud()


def run(cloud: Any, *own: str, jobs: tuple[str, ...]) -> tuple[list[dict[str, Any]], list[str]]:
    """What is kept and said of the faults of a run that starts some training jobs."""
    kept: list[dict[str, Any]] = []
    said: list[str] = []
    with misbehaviour(cast("Connection", cloud), kept, said.append) as misbehaving:
        misbehaving.plan(read_lines(own))
        for job in jobs:
            cloud.board.job("training", job)
    return kept, said


def test_a_runs_own_faults_are_shown_met_or_not_and_forgotten(cloud: Cloud) -> None:
    kept, said = run(cloud, "fail=training", "hang=tuning", jobs=("j",))
    assert kept == [{"fault": "fail=training", "met": ["training job j"]}, {"fault": "hang=tuning", "met": []}]
    assert said[-2:] == [
        "  Fault    fail=training: met by training job j",
        "  Fault    hang=tuning: planned, never met",
    ]
    assert cloud.board.described() == []


def test_faults_that_others_planned_are_shown_as_far_as_the_run_met_them(cloud: Cloud) -> None:
    cloud.board.plan(read_lines(["fail=training*always", "hang=tuning"]))
    cloud.board.job("training", "before")
    kept, said = run(cloud, jobs=("j", "k"))
    assert kept == [{"fault": "fail=training*always", "met": ["training job j", "training job k"]}]
    assert said == ["  Fault    fail=training*always: met by training job j and 1 more"]
    assert len(cloud.board.described()) == 2


def test_a_cloud_that_has_gone_is_no_error_of_its_own(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[dict[str, Any]] = []

    def gone(**_asked: Any) -> dict[str, Any]:
        raise CloudError("gone")

    with misbehaviour(cast("Connection", cloud), kept, lambda _: None):
        monkeypatch.setattr(cloud, "faults", gone)
    assert kept == []
