"""The files that a pipeline.yaml names: its container's and its smoke file."""

import os
from pathlib import Path, PurePosixPath

from penstock.spec.document import Document
from penstock.spec.mistakes import quoted
from penstock.spec.smoke import smoke_mistakes

PROGRAMS = ("serve", "train")
CONTAINER_FILES = ("Dockerfile", "requirements.txt", *PROGRAMS)
MAX_SHEBANG = 256  # what Linux reads of the line
ELF = b"\x7fELF"  # how a compiled program begins


def check_files(document: Document, folder: Path) -> None:
    """Note every mistake in the files; `folder` is the pipeline's."""
    _check_container(document, folder.parent.parent / "containers")
    _check_smoke_file(document, folder)


def _check_container(document: Document, containers: Path) -> None:
    location = ("train", "container")
    name = document.get(*location)
    known = sorted(path.name for path in containers.glob("[!._]*/"))
    if name is None:
        return
    if name not in known:
        remedy = f"Containers there are: {', '.join(known) or 'none'}."
        document.note(location, f"there is no folder containers/{name}.", remedy)
        return
    missing = [file for file in CONTAINER_FILES if not (containers / name / file).is_file()]
    if missing:
        message = f"containers/{name} has no {', no '.join(missing)}."
        document.note(location, message, "docs/containers.md says what a container consists of.")
    for program in PROGRAMS:
        file = f"containers/{name}/{program}"
        if program not in missing and not os.access(containers / name / program, os.X_OK):
            document.note(location, f"{file} is not executable.", f"Run: chmod +x {file}")
        if program not in missing:
            _check_first_line(document, containers / name / program, file)


def _check_first_line(document: Document, path: Path, file: str) -> None:
    """Note a program that the kernel cannot start: it is a script, and its first line names no interpreter."""
    location = ("train", "container")
    try:
        with path.open("rb") as stream:
            line = stream.readline(MAX_SHEBANG)
    except OSError as error:
        document.note(location, f"{file} cannot be read: {error.strerror}.")
        return
    if line.startswith(ELF):
        return
    if not line.startswith(b"#!") or not line[2:].strip():
        message = f"the first line of {file} names no interpreter, so it cannot be started."
        document.note(location, message, "Begin the file with, for example: #!/usr/bin/env python3")
    elif b"\r" in line:
        message = f"the first line of {file} ends as on Windows (CRLF), so it cannot be started."
        document.note(location, message, "Save it with the line ends of Unix (LF).")


def _check_smoke_file(document: Document, folder: Path) -> None:
    location = ("smoke_test", "file")
    name = document.get(*location)
    if name is None:
        return
    file = f"pipelines/{folder.name}/{name}"
    if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
        document.note(location, f"{quoted(name)} is not in the pipeline's folder.", "Put it beside pipeline.yaml.")
    elif not _is_file(folder / name):
        remedy = "Write one: the header and a few rows of the data, without the target column."
        document.note(location, f"there is no file {quoted(file)}.", remedy)
    else:
        document.mistakes.extend(
            smoke_mistakes(folder / name, file, document.get("data", "target"), _columns(document))
        )


def _columns(document: Document) -> dict[str, str] | None:
    """Return the declared columns; None where there are none, or where a mistake in them was noted."""
    if any(mistake.message.startswith("data.columns") for mistake in document.mistakes):
        return None
    columns: dict[str, str] | None = document.get("data", "columns")
    return columns


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # such a name cannot exist
        return False
