"""Virtual environments made from a requirements.txt: one for each content and Python, built once and kept."""

import fcntl
import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import uv

from penstock.errors import CloudError
from penstock.local.programs.process import Process

_READY = ".ready"
_STOP_SECONDS = 5
_LINES_SHOWN = 15


def environment(requirements: Path, cache: Path, python: str = sys.executable) -> Path:
    """Return the virtual environment of a requirements.txt, which has a hash for every package.

    Args:
        requirements: the file.
        cache: the folder that holds one environment for each content of such a file.
        python: another Python than this one, by its path or its version; uv finds it, or brings it.

    Raises:
        CloudError: the file is missing, or a package cannot be installed.
    """
    if not requirements.is_file():
        raise CloudError(
            f"{requirements}: no such file. A container names its Python packages there, each with its hash; without"
            " packages the file is empty. `make lock` writes it from requirements.in."
        )
    which = f"{sys.version} {sys.base_prefix}" if python == sys.executable else python
    key = hashlib.sha256(requirements.read_bytes() + which.encode()).hexdigest()[:16]
    return built(cache / key, lambda folder: _install(requirements, folder, python))


def built(folder: Path, build: Callable[[Path], None]) -> Path:
    """Return `folder` of a cache, having it built if it is not there.

    Several processes may ask at once: one builds, and the others wait for it. What an interrupted build left behind is
    removed, never taken for ready.
    """
    ready = folder / _READY
    if ready.exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the system frees it when its holder ends, however that ends
        if not ready.exists():
            shutil.rmtree(folder, ignore_errors=True)
            build(folder)
            ready.touch()
    return folder


def uv_variables(given: Mapping[str, str]) -> dict[str, str]:
    """Return the variables for uv: those of this process, and pip's folders of wheels unless uv is told its own."""
    variables = {name: value for name, value in given.items() if name != "VIRTUAL_ENV"}
    if "PIP_FIND_LINKS" in given:
        variables.setdefault("UV_FIND_LINKS", ",".join(given["PIP_FIND_LINKS"].split()))
    return variables


def _install(requirements: Path, folder: Path, python: str) -> None:
    options = ["--quiet", "--no-progress", "--color", "never"]
    log = folder.with_name(f"{folder.name}.log")
    log.unlink(missing_ok=True)
    _uv("venv", *options, "--no-project", "--python", python, str(folder), requirements=requirements, log=log)
    _uv(
        *("pip", "sync", *options, "--require-hashes", "--compile-bytecode", "--allow-empty-requirements"),
        *("--python", str(folder / "bin" / "python"), str(requirements)),
        requirements=requirements,
        log=log,
    )


def _uv(*arguments: str, requirements: Path, log: Path) -> None:
    process = Process.start(
        [uv.find_uv_bin(), *arguments], env=uv_variables(os.environ), cwd=requirements.parent, log=log
    )
    try:
        code = process.wait()
    finally:  # Ctrl-C: an installation that ran on would write into the next one's folder
        process.stop(_STOP_SECONDS)
    if code != 0:
        said = log.read_text(errors="replace").splitlines()[-_LINES_SHOWN:]
        raise CloudError(
            "\n".join([f"{requirements}: its packages cannot be installed (uv, exit code {code}).", *said])
            + "\nCorrect the file (`make lock` writes it from requirements.in), or the network, or say where else"
            " packages are (UV_EXTRA_INDEX_URL: an index, UV_FIND_LINKS: a folder of wheels), and run again."
        )
