import os
from pathlib import Path

import pytest

from penstock.errors import CloudError
from penstock.local.programs.building import build, lay_out
from penstock.spec.image import image_tag


@pytest.fixture
def container(tmp_path: Path) -> Path:
    """A container that needs no packages, and copies the runtime in."""
    (tmp_path / "runtime/runtime").mkdir(parents=True)
    (tmp_path / "runtime/runtime/shared.py").write_text("ANSWER = 42\n")
    folder = tmp_path / "prices"
    folder.mkdir()
    (folder / "Dockerfile").write_text("FROM scratch\nCOPY . .\nCOPY --from=runtime runtime runtime\n")
    (folder / "requirements.txt").touch()
    (folder / "train").write_text("#!/bin/sh\n")
    (folder / "train").chmod(0o755)
    return folder


def test_a_program_has_the_files_that_the_image_would_have(container: Path, tmp_path: Path) -> None:
    program = build(container, tmp_path / "cache")
    assert program.files == tmp_path / "cache/images" / image_tag(container)
    assert (program.files / "runtime/shared.py").read_text() == "ANSWER = 42\n"
    assert os.access(program.files / "train", os.X_OK)
    assert (program.environment / "bin/python").exists()


def test_what_was_edited_meanwhile_is_not_taken_for_the_image(container: Path, tmp_path: Path) -> None:
    tag = image_tag(container)
    (container / "train").write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(CloudError, match=f"prices: edited while its image {tag} was made from it"):
        lay_out(container, tag, tmp_path / "target")
