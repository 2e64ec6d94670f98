"""The files that a pipeline.yaml names: those of its containers, its smoke file and its script."""

import os
from pathlib import Path, PurePosixPath

from penstock.spec.document import Document
from penstock.spec.image import RUNTIME, copies_runtime
from penstock.spec.mistakes import Location, quoted
from penstock.spec.script import script_mistakes
from penstock.spec.sections.process import SCRIPT, Process
from penstock.spec.smoke import smoke_mistakes

BUILD_FILES = ("Dockerfile", "requirements.txt")
# The programs of the containers, by the key that names one; the processing's run from a zip too, by their __main__.py.
PROGRAMS = {("train", "container"): ("serve", "train"), ("process", "container"): ("check", "process")}
OTHERS = {("process", "container"): ("__main__.py",)}
DEFAULTS = {("process", "container"): Process.model_fields["container"].default}
MAX_SHEBANG = 256  # what Linux reads of the line
ELF = b"\x7fELF"  # how a compiled program begins


def check_files(document: Document, folder: Path) -> None:
    """Note every mistake in the files; `folder` is the pipeline's."""
    for location in PROGRAMS:
        _check_container(document, folder.parent.parent / "containers", location)
    _check_smoke_file(document, folder)
    _check_script(document, folder)


def _check_container(document: Document, containers: Path, location: tuple[str, str]) -> None:
    name = document.get(*location, default=DEFAULTS.get(location))
    known = sorted(path.name for path in containers.glob("[!._]*/") if path.name != RUNTIME)
    if name is None:
        return
    if name not in known:
        remedy = f"Containers there are: {', '.join(known) or 'none'}."
        is_runtime = name == RUNTIME and (containers / name).is_dir()
        message = (
            f"containers/{name} is a part of containers' images."
            if is_runtime
            else f"there is no folder containers/{name}."
        )
        document.note(location, message, remedy)
        return
    if copies_runtime(containers / name / "Dockerfile") and not (containers / RUNTIME / RUNTIME).is_dir():
        message = f"the Dockerfile of containers/{name} copies the runtime in, and there is no containers/{RUNTIME}."
        document.note(location, message, "Put Penstock's containers/runtime beside it.")
    programs = PROGRAMS[location]
    needed = (*BUILD_FILES, *OTHERS.get(location, ()), *programs)
    missing = [file for file in needed if not (containers / name / file).is_file()]
    if missing:
        message = f"containers/{name} has no {', no '.join(missing)}."
        document.note(location, message, "docs/containers.md says what a container consists of.")
    for program in programs:
        file = f"containers/{name}/{program}"
        if program not in missing and not os.access(containers / name / program, os.X_OK):
            document.note(location, f"{file} is not executable.", f"Run: chmod +x {file}")
        if program not in missing:
            _check_first_line(document, containers / name / program, file, location)


def _check_first_line(document: Document, path: Path, file: str, location: Location) -> None:
    """Note a program that the kernel cannot start: it is a script, and its first line names no interpreter."""
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
    remedy = "Write one: the header and a few rows of the data, without the target column."
    if _is_in_folder(document, location, folder, remedy):
        file = f"pipelines/{folder.name}/{name}"
        target = document.get("data", "target")
        document.mistakes.extend(smoke_mistakes(folder / name, file, target, _columns(document)))


def _check_script(document: Document, folder: Path) -> None:
    location = ("process", "script")
    name = document.get(*location)
    if location in document.keys:
        if name is None or not _is_in_folder(document, location, folder, "Write one, with a function process(frame)."):
            return
    elif not (folder / SCRIPT).is_file():
        return
    document.mistakes.extend(script_mistakes(folder / (name or SCRIPT), f"pipelines/{folder.name}/{name or SCRIPT}"))


def _is_in_folder(document: Document, location: tuple[str, str], folder: Path, remedy: str) -> bool:
    """Note a file that is not in the pipeline's folder; `remedy` is what to do if there is none."""
    name = document.get(*location)
    file = f"pipelines/{folder.name}/{name}"
    if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
        document.note(location, f"{quoted(name)} is not in the pipeline's folder.", "Put it beside pipeline.yaml.")
    elif not _is_file(folder / name):
        document.note(location, f"there is no file {quoted(file)}.", remedy)
    else:
        return True
    return False


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
