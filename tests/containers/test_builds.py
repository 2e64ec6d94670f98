"""The images themselves, where something that builds and runs them is on PATH: their settings, programs and size."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from images import TOLERANCE, stated_bytes
from optional import local_pins
from penstock.local.programs.dockerfile import own_command

pytestmark = pytest.mark.images
ROOT = Path(__file__).parents[2]
CONTAINERS = sorted(file.parent for file in ROOT.glob("containers/*/Dockerfile"))
INDEX = "PIP_EXTRA_INDEX_URL"
IN_IMAGE = ROOT / "tests/library/in_image.py"
# A docker client alone can do nothing, and one without buildx cannot be given a second folder.
BUILDS = {"docker": ["buildx", "build", "--load"], "podman": ["build"], "finch": ["build"]}


@pytest.fixture(scope="module")
def builder() -> str:
    for name, build in BUILDS.items():
        if shutil.which(name) and _succeeds([name, "info"]) and _succeeds([name, *build, "--help"]):
            return name
    pytest.skip("no docker with buildx and an engine, no podman and no finch is on PATH")


@pytest.fixture(scope="module", params=CONTAINERS, ids=lambda folder: folder.name)
def folder(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


@pytest.fixture(scope="module")
def image(builder: str, folder: Path) -> Iterator[str]:
    tag = f"penstock-test-{folder.name}:latest"
    context = f"runtime={ROOT / 'containers/runtime'}"
    pins = local_pins(folder)
    if pins and INDEX not in os.environ:
        pytest.skip(f"{', '.join(pins)} cannot be had without another index than PyPI ({INDEX})")
    build = [builder, *BUILDS[builder], "--platform", "linux/amd64", "--build-context", context, "--tag", tag]
    build += ["--build-arg", INDEX] if pins else []  # its value is the variable's
    subprocess.run([*build, str(folder)], check=True)
    yield tag
    subprocess.run([builder, "image", "rm", "--force", tag], check=True)


def test_an_image_is_set_up_as_its_dockerfile_says(builder: str, folder: Path, image: str) -> None:
    inspect = [builder, "image", "inspect", "--format", "{{json .Config}}", image]
    config = json.loads(_output(inspect))
    assert config.get("Entrypoint") in (None, [])
    assert config["Cmd"] == own_command(folder / "Dockerfile")[1]
    assert config.get("User", "") in {"", "root", "0"}
    label = (config.get("Labels") or {}).get("com.amazonaws.sagemaker.capabilities.accept-bind-to-port")
    assert label == ("true" if (folder / "serve").exists() else None)


def test_an_image_does_what_its_programs_are_for(builder: str, folder: Path, image: str) -> None:
    (program,) = own_command(folder / "Dockerfile")[1]
    run = [builder, "run", "--rm", "--interactive", "--network", "none", image, "python", "-", program]
    subprocess.run(run, input=IN_IMAGE.read_bytes(), check=True)


def test_an_image_is_as_large_as_the_page_says(builder: str, folder: Path, image: str) -> None:
    size = _output([builder, "run", "--rm", image, "du", "--apparent-size", "--bytes", "--summarize", "-x", "/"])
    assert int(size.split()[0]) == pytest.approx(stated_bytes(ROOT / "docs/containers.md")[folder.name], rel=TOLERANCE)


def _succeeds(command: Sequence[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _output(command: Sequence[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
