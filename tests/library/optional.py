"""Packages that are not on PyPI, such as PyTorch's build for CPUs: their tests are skipped where they cannot be had."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import uv

from penstock.local.programs.environments import environment, uv_variables

# A local version (PEP 440): no public index has one.
_LOCAL = re.compile(r"^[\w-]+==[^\s+]+\+\S+", re.MULTILINE)


def local_pins(folder: Path) -> list[str]:
    """Return the packages of a container that PyPI does not have."""
    return _LOCAL.findall((folder / "requirements.txt").read_text("utf-8"))


def environment_or_skip(folder: Path, cache: Path) -> Path:
    """Return the environment of a container; skip the test if the indexes and folders that uv knows lack a package."""
    for pin in local_pins(folder):
        asked = subprocess.run(
            [uv.find_uv_bin(), "pip", "install", "--dry-run", "--no-deps", "--python", sys.executable, pin],
            env=uv_variables(os.environ),
            capture_output=True,
            text=True,
            check=False,
        )
        if asked.returncode != 0:
            pytest.skip(f"{pin} cannot be had here (UV_EXTRA_INDEX_URL, UV_FIND_LINKS): {asked.stderr.strip()}")
    return environment(folder / "requirements.txt", cache)
