from pathlib import Path

import pytest

from penstock.cli.project import project_root
from penstock.errors import PenstockError


def test_root_is_found_from_any_folder_of_the_project(project: Path) -> None:
    assert project_root(project) == project_root(project / "pipelines/bigmart") == project


def test_nearest_project_counts(project: Path) -> None:
    inner = project / "examples"
    (inner / "pipelines").mkdir(parents=True)
    (inner / "environments.yaml").touch()

    assert project_root(inner / "pipelines") == inner


@pytest.mark.parametrize("file", ["pipelines", "environments.yaml"])
def test_both_are_needed(project: Path, file: str) -> None:
    (project / file).rename(project / "elsewhere")

    with pytest.raises(PenstockError, match=r"is in no Penstock project: .*\nChange into a project"):
        project_root(project)
