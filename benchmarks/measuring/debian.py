"""Programs that come from Debian's packages: nginx and wrk, taken from PATH, or else unpacked below the work folder."""

import os
import shutil
import subprocess
from pathlib import Path

from penstock.local.programs.environments import built

# The libraries of a package that a small system lacks; the others are there wherever Python is.
PACKAGES = {"nginx": ("nginx", "libpcre2-8-0"), "wrk": ("wrk", "libluajit-5.1-2", "libluajit-5.1-common")}


class MissingProgramError(Exception):
    """A program that is neither on PATH nor to be had from Debian's packages."""


def program(name: str, work: Path) -> Path:
    """Return a program; nothing is installed, and no right to install is needed.

    Raises:
        MissingProgramError: it is not there, and cannot be had.
    """
    if found := shutil.which(name, path=f"{os.environ['PATH']}:/usr/local/sbin:/usr/sbin"):
        return Path(found)
    try:
        folder = built(work / "debian" / name, lambda target: _unpack(name, target))
    except (OSError, subprocess.CalledProcessError) as error:
        raise MissingProgramError(
            f"Install {name} (on Debian and Ubuntu: apt-get install {name}): it is not on PATH, and `apt-get download`"
            f" did not bring it either: {error}."
        ) from error
    launcher = folder / name
    binary = next(path for path in folder.glob(f"usr/*bin/{name}"))
    libraries = ":".join(sorted({str(path.parent) for path in folder.rglob("*.so*")}))
    launcher.write_text(f'#!/bin/sh\nLD_LIBRARY_PATH="{libraries}" exec "{binary}" "$@"\n')
    launcher.chmod(0o755)
    return launcher


def _unpack(name: str, target: Path) -> None:
    target.mkdir(parents=True)
    for package in PACKAGES[name]:
        subprocess.run(["apt-get", "download", package], cwd=target, check=True, capture_output=True)
    for archive in target.glob("*.deb"):
        subprocess.run(["dpkg", "-x", archive.name, "."], cwd=target, check=True, capture_output=True)
