from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from penstock.errors import PenstockError
from penstock.scaffold import container as scaffold
from penstock.scaffold.container import new_container
from penstock.spec import load_project

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def containers(tmp_path: Path, root: Path) -> Path:
    """A folder of containers with the runtime, and nothing else."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(root / "containers/runtime", tmp_path / "containers/runtime", ignore=ignored)
    return tmp_path / "containers"


def _text(folder: Path) -> str:
    return "".join(path.read_text() for path in folder.rglob("*") if path.is_file())


def test_its_files(containers: Path) -> None:
    made = new_container(containers, "next-prices", "regression")
    assert [path.relative_to(containers).as_posix() for path in made] == [
        "next-prices/.dockerignore",
        "next-prices/Dockerfile",
        "next-prices/next_prices/__init__.py",
        "next-prices/next_prices/encoding.py",
        "next-prices/next_prices/fitting.py",
        "next-prices/next_prices/model.py",
        "next-prices/requirements.in",
        "next-prices/requirements.txt",
        "next-prices/serve",
        "next-prices/train",
    ]
    assert "scaffolded" not in _text(containers / "next-prices").lower()


def test_it_needs_what_the_runtime_needs_and_no_more(containers: Path) -> None:
    new_container(containers, "prices", "regression")
    locked = (containers / "prices/requirements.txt").read_text()
    assert locked == (containers / "runtime/requirements.txt").read_text()


def test_a_pipeline_can_have_it(project: Path, root: Path) -> None:
    shutil.copytree(root / "containers/runtime", project / "containers/runtime")
    new_container(project / "containers", "prices", "regression")
    pipeline = project / "pipelines/bigmart/pipeline.yaml"
    pipeline.write_text(
        pipeline.read_text().replace("container: forest\n  hyperparameters: {n_estimators: 100}", "container: prices")
    )
    assert load_project(project).pipelines["bigmart"].train.container == "prices"


@pytest.mark.parametrize("name", ["Prices", "next_prices", "a--b", "2prices", "../prices", ""])
def test_a_name_that_is_none(containers: Path, name: str) -> None:
    with pytest.raises(PenstockError, match="has to be a name of lower-case letters, digits and single hyphens"):
        new_container(containers, name, "regression")


@pytest.mark.parametrize("name", ["train", "serve", "json", "numpy", "class", "uvicorn", "runtime"])
def test_a_name_that_would_hide_another_package(containers: Path, name: str) -> None:
    with pytest.raises(PenstockError, match="its Python package would clash with another one"):
        new_container(containers, name, "regression")


def test_a_folder_that_is_there_is_left_as_it_is(containers: Path) -> None:
    (containers / "prices").mkdir()
    with pytest.raises(PenstockError, match=r"prices is there already. Choose another name, or remove it."):
        new_container(containers, "prices", "regression")
    assert list((containers / "prices").iterdir()) == []


def test_without_a_runtime_there_is_nothing_to_build_on(tmp_path: Path) -> None:
    with pytest.raises(PenstockError, match="runtime: there is no such folder, and a new container is built on"):
        new_container(tmp_path, "prices", "regression")


def test_one_that_cannot_be_finished_leaves_nothing(containers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(scaffold, "_copy", full)
    with pytest.raises(OSError, match="the disk is full"):
        new_container(containers, "prices", "regression")
    assert os.listdir(containers) == ["runtime"]  # noqa: PTH208
