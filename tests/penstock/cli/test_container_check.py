from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from penstock.cli import container_check, main
from penstock.contract.check import BreachError, Check

if TYPE_CHECKING:
    from penstock.contract.subject import Subject

TINY = Path(__file__).parents[1] / "contract" / "tiny"


def _trains(subject: Subject) -> None:
    job, code = subject.first_job
    if code != 0:
        raise BreachError("exit code 0", f"{job.failure}", "Correct it.")


@pytest.fixture
def check(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make one check of a container that is built as for the local cloud."""
    shutil.copytree(TINY, project / "containers/tiny", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(container_check, "CHECKS", (Check("it trains", _trains),))
    monkeypatch.chdir(project)


@pytest.mark.usefixtures("check")
def test_a_container_that_passes(project: Path) -> None:
    result = CliRunner().invoke(main, ["container", "check", "containers/tiny"])
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("✓ it trains\ntiny: 1 check passed, 0 failed, 0 did not apply, in ")
    assert list((project / ".penstock/checks").iterdir()) == []


@pytest.mark.usefixtures("check")
def test_one_that_fails_has_its_logs_kept(project: Path) -> None:
    result = CliRunner().invoke(main, ["container", "check", "tiny", "--set", "no_such=1", "--json"])
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert (found["failed"], found["checks"][0]["found"]) == (1, "Unknown: {'no_such'}.")
    assert list(Path(found["logs"]).glob("*/train.log")) != []
    assert "✗ it trains" in result.stderr


@pytest.mark.usefixtures("check")
def test_a_setting_that_is_none() -> None:
    result = CliRunner().invoke(main, ["container", "check", "tiny", "--set", "seed"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "--set seed: is no hyperparameter. Write it as NAME=VALUE.\n"
