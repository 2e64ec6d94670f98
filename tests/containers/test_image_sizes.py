"""What the page on containers says of the size of images is what base, locked packages and programs add up to."""

import platform
from pathlib import Path

import pytest

from images import BASE_BYTES, TOLERANCE, estimated_bytes, stated_bytes
from optional import environment_or_skip

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/containers.md"
CONTAINERS = sorted(file.parent for file in ROOT.glob("containers/*/Dockerfile"))


def test_the_page_states_a_size_for_each_container() -> None:
    assert sorted(stated_bytes(PAGE)) == [folder.name for folder in CONTAINERS]


@pytest.mark.skipif(
    (platform.system(), platform.machine()) != ("Linux", "x86_64"), reason="images are for Linux on amd64"
)
@pytest.mark.parametrize("folder", CONTAINERS, ids=lambda folder: folder.name)
def test_a_stated_size_is_what_is_estimated(folder: Path) -> None:
    packages = environment_or_skip(folder, ROOT / ".penstock/environments")
    assert stated_bytes(PAGE)[folder.name] == pytest.approx(estimated_bytes(folder, packages), rel=TOLERANCE)


def test_an_estimate_counts_base_packages_and_programs(tmp_path: Path) -> None:
    folder, packages = tmp_path / "mine", tmp_path / "environment"
    folder.mkdir()
    (packages / "lib").mkdir(parents=True)
    (folder / "Dockerfile").write_bytes(b"1")
    (folder / "train").write_bytes(b"22")
    (packages / "lib/module.py").write_bytes(b"4444")
    (packages / "python").symlink_to("/usr/bin/python3")
    assert estimated_bytes(folder, packages) == BASE_BYTES + 7
