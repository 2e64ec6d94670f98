from pathlib import Path

import pytest

from penstock.contract.container import find
from penstock.errors import PenstockError


@pytest.mark.parametrize("name", ["tiny", "tiny/", "./tiny"])
def test_it_is_found_by_its_name_or_its_path(tiny: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tiny.parent)
    assert find(name, tiny.parent) == tiny


def test_one_that_is_not_there(project: Path) -> None:
    with pytest.raises(PenstockError, match=r"There is no container .*/forrest. There are: forest, tabular."):
        find("forrest", project / "containers")


def test_one_that_processes_is_told_which_programs_would_be_needed(project: Path) -> None:
    with pytest.raises(PenstockError) as error:
        find("tabular", project / "containers")
    assert str(error.value) == (
        f"{project}/containers/tabular has no train and no serve: the contract is that of containers that train and"
        " serve. It would need `train`, which learns from rows and leaves a model, and `serve`, which answers requests"
        " with it. docs/containers.md says what each has to do."
    )


def test_one_without_a_file_that_its_image_is_built_from(project: Path) -> None:
    (project / "containers/forest/Dockerfile").unlink()
    with pytest.raises(PenstockError, match=r"forest has no Dockerfile: docs/containers.md says"):
        find("forest", project / "containers")


def test_one_whose_program_cannot_be_executed(project: Path) -> None:
    (project / "containers/forest/serve").chmod(0o644)
    with pytest.raises(PenstockError, match=r"Run `chmod \+x .*/forest/serve`: serve cannot be executed."):
        find("forest", project / "containers")
