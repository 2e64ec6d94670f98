"""The files that a pipeline.yaml names: its container's and its smoke file."""

import os
from pathlib import Path, PurePosixPath

from penstock.spec.document import Document
from penstock.spec.mistakes import quoted
from penstock.spec.smoke import smoke_mistakes

PROGRAMS = ("serve", "train")
CONTAINER_FILES = ("Dockerfile", "requirements.txt", *PROGRAMS)


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
        document.note(location, message, "docs/pipeline.md says what a container consists of.")
    for program in PROGRAMS:
        file = f"containers/{name}/{program}"
        if program not in missing and not os.access(containers / name / program, os.X_OK):
            document.note(location, f"{file} is not executable.", f"Run: chmod +x {file}")


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
        document.mistakes.extend(smoke_mistakes(folder / name, file, document.get("data", "target")))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # such a name cannot exist
        return False
