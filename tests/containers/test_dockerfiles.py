"""The Dockerfiles of the containers and of the scaffold: valid, pinned, and with what SageMaker needs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dockerfiles import findings, stages_of
from penstock.local.programs.dockerfile import own_command
from penstock.spec.image import build_files, copies_runtime

ROOT = Path(__file__).parents[2]
CONTAINERS = sorted(file.parent for file in ROOT.glob("containers/*/Dockerfile"))
DOCKERFILES = [*(folder / "Dockerfile" for folder in CONTAINERS), *sorted(ROOT.glob("penstock/scaffold/**/Dockerfile"))]
BIND_TO_PORT = "com.amazonaws.sagemaker.capabilities.accept-bind-to-port=true"


of_each_container = pytest.mark.parametrize("folder", CONTAINERS, ids=lambda folder: folder.name)
of_each_dockerfile = pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=lambda file: file.parent.name)


@of_each_dockerfile
def test_the_linter_finds_nothing(dockerfile: Path) -> None:
    linter = [str(ROOT / "node_modules/.bin/dockerfile-utils"), "lint", str(dockerfile)]
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    lint = subprocess.run(linter, env=environment, capture_output=True, text=True, check=False)
    assert (lint.returncode, lint.stdout.strip(), lint.stderr.strip()) == (0, "", "")


@of_each_dockerfile
def test_the_rules_find_nothing(dockerfile: Path) -> None:
    assert findings(dockerfile.read_text("utf-8")) == []


def test_all_images_have_one_base_in_common() -> None:
    assert len({stages_of(file.read_text("utf-8"))[0].base for file in DOCKERFILES}) == 1


@of_each_container
def test_an_image_that_serves_says_that_it_takes_the_port_that_it_is_told(folder: Path) -> None:
    labels = [
        item.text for item in stages_of((folder / "Dockerfile").read_text())[-1].instructions if item.name == "LABEL"
    ]
    assert (BIND_TO_PORT in labels) == (folder / "serve").exists()


@of_each_container
def test_an_image_runs_one_of_its_programs(folder: Path) -> None:
    entrypoint, (program,) = own_command(folder / "Dockerfile")
    assert entrypoint == []
    assert os.access(folder / program, os.X_OK)


@of_each_container
def test_a_build_is_sent_the_programs_and_nothing_else(folder: Path) -> None:
    files = set(build_files(folder))
    programs = {path.name for path in folder.iterdir() if path.is_file() and os.access(path, os.X_OK)}
    packages = {path.name for path in folder.iterdir() if (path / "__init__.py").exists()}
    known = packages | ({"runtime"} if copies_runtime(folder / "Dockerfile") else set())
    locks = {path.name for path in folder.glob("requirements*.txt")}
    assert {path for path in files if "/" not in path} - {"Dockerfile"} == programs | locks
    assert {path.split("/")[0] for path in files if "/" in path} == known
    assert [path for path in files if not path.endswith(".py") and "/" in path] == []


@of_each_container
def test_docker_and_penstock_agree_on_what_a_build_is_sent(folder: Path) -> None:
    # Docker knows more of .dockerignore than Penstock does; of these lines both know the same.
    lines = (folder / ".dockerignore").read_text("utf-8").splitlines()
    kept = [line.removeprefix("!") for line in lines[2:-1]]
    assert (lines[0][:1], lines[1], lines[-1]) == ("#", "*", "**/__pycache__")
    assert [name for name in kept if not (folder / name).exists()] == []
