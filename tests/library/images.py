"""How large an image is, and what was said of it, without building it: its base, its packages and its programs."""

import os
import re
from collections.abc import Iterable
from pathlib import Path

from penstock.spec.image import build_files

# What python:3.12-slim-trixie for amd64 takes on a disk, as docker-library/repo-info recorded it in July 2026: the
# image itself is not on this machine.
BASE_BYTES = 119_200_000
MEGABYTE = 1_000_000
TOLERANCE = 0.10


def estimated_bytes(folder: Path, environment: Path) -> int:
    """Return what the image of a container takes on a disk; `environment` holds its packages, with their bytecode."""
    packages = (Path(parent, name) for parent, _, names in os.walk(environment) for name in names)
    return BASE_BYTES + _bytes(packages) + _bytes(build_files(folder).values())


def stated_bytes(page: Path) -> dict[str, int]:
    """Return what a page says of each image: `| forest | … | 430 MB |`, the last column."""
    rows = re.findall(r"^\| `containers/(\w+)` \|.* (\d+) MB \|$", page.read_text("utf-8"), re.MULTILINE)
    return {name: int(size) * MEGABYTE for name, size in rows}


def _bytes(files: Iterable[Path]) -> int:
    return sum(file.lstat().st_size for file in files if not file.is_symlink())
