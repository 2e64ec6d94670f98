from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from penstock.cli import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def in_project(project: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(root / "containers/runtime", project / "containers/runtime")
    monkeypatch.chdir(project)
    return project


def test_it_says_what_it_has_written_and_what_to_do_next(in_project: Path) -> None:
    result = CliRunner().invoke(main, ["new", "container", "next-prices", "--problem", "binary"])
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[4:] == [
        "containers/next-prices/next_prices/fitting.py",
        "containers/next-prices/next_prices/model.py",
        "containers/next-prices/requirements.in",
        "containers/next-prices/requirements.txt",
        "containers/next-prices/serve",
        "containers/next-prices/train",
        "Your model goes into next_prices/fitting.py (`fit`) and next_prices/model.py (`load` and `predict`).",
        "Check it with `penstock container check next-prices --problem binary`; a pipeline.yaml then has it as",
        "  train: {container: next-prices}",
    ]


def test_what_cannot_be_made_is_one_message(in_project: Path) -> None:
    result = CliRunner().invoke(main, ["new", "container", "forest"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (f"{in_project}/containers/forest is there already. Choose another name, or remove it.\n")
