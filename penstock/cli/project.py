"""Finds the project that a command works on."""

from collections.abc import Collection
from pathlib import Path

from penstock.errors import PenstockError


def project_root(start: Path) -> Path:
    """Return the nearest folder, from `start` upwards, that holds pipelines/ and environments.yaml.

    Raises:
        PenstockError: there is none.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / "pipelines").is_dir() and (folder / "environments.yaml").is_file():
            return folder
    raise PenstockError(
        f"{start} is in no Penstock project: neither it nor a folder above it has pipelines/ and environments.yaml.\n"
        "Change into a project, and try again."
    )


def require(what: str, name: str, known: Collection[str]) -> None:
    """Check that a project has what a command was asked for.

    Raises:
        PenstockError: it has not; the message lists what it has.
    """
    if name not in known:
        raise PenstockError(f"There is no {what} {name!r}. There are: {', '.join(sorted(known)) or 'none'}.")
