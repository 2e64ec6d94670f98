from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from penstock.contract import processes
from penstock.contract.processes import catches_sigterm, kill, program_id
from penstock.local.programs.process import Process
from waiting import until


@pytest.fixture
def sleeping(tmp_path: Path) -> Iterator[Process]:
    process = Process.start(["sleep", "60"], env={"PATH": os.environ["PATH"]}, cwd=tmp_path, log=tmp_path / "log")
    yield process
    process.stop(0)


def test_the_program_is_below_its_guards(sleeping: Process) -> None:
    program = program_id(sleeping)
    command = Path(f"/proc/{program}/cmdline")
    until(lambda: command.read_bytes() == b"sleep\00060\000")  # at first it is a copy of its guard
    assert not catches_sigterm(program)
    sleeping.stop(0)
    assert program_id(sleeping) is None


def test_a_killed_program_had_no_time_for_anything(sleeping: Process) -> None:
    kill(sleeping, program_id(sleeping))
    assert sleeping.wait() == 128 + signal.SIGKILL


def test_one_that_cannot_be_seen_is_ended_all_the_same(sleeping: Process) -> None:
    kill(sleeping, None)
    assert sleeping.poll() is not None


def test_what_cannot_be_seen_is_no_breach() -> None:
    assert catches_sigterm(None)


def test_one_that_has_just_ended_catches_nothing(sleeping: Process) -> None:
    program = program_id(sleeping)
    sleeping.stop(0)
    assert not catches_sigterm(program)
    kill(sleeping, program)


@pytest.mark.parametrize(("parent", "child"), [(7, 9), (9, None)])
def test_a_kernel_without_lists_of_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parent: int, child: int | None
) -> None:
    monkeypatch.setattr(processes, "_PROC", tmp_path)
    for process, above in ((7, 1), (9, 7)):
        (tmp_path / str(process)).mkdir()
        (tmp_path / str(process) / "stat").write_text(f"{process} (a (name) of it) S {above} 7 7")
    assert processes._child(parent) == child
