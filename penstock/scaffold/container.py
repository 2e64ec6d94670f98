"""A container that trains and serves a small model, to be replaced by one's own."""

import keyword
import re
import shutil
import sys
import tempfile
from pathlib import Path

from penstock.errors import PenstockError
from penstock.spec.fields import MEANING, NAME
from penstock.spec.image import RUNTIME

MODELS = {"regression": "regression", "binary": "classification", "multiclass": "classification"}
_TEMPLATES = Path(__file__).with_name("templates") / "container"
_PACKAGE, _FOLDER = "scaffolded", "SCAFFOLDED"
_PROGRAMS = ("serve", "train")
_PERMISSIONS = 0o755
_PINNED = re.compile(r"^([\w.-]+)==", re.MULTILINE)


def new_container(containers: Path, name: str, problem: str) -> list[Path]:
    """Write the folder of a container that learns one kind of problem; return its files.

    Raises:
        PenstockError: it is there already, or cannot have this name; or there is no runtime beside it.
    """
    runtime = containers / RUNTIME
    if not (runtime / RUNTIME).is_dir():
        raise PenstockError(f"{runtime}: there is no such folder, and a new container is built on what is in it.")
    folder, locked = containers / name, (runtime / "requirements.txt").read_text("utf-8")
    _check_name(name, locked)
    if folder.exists():
        raise PenstockError(f"{folder} is there already. Choose another name, or remove it.")
    package = name.replace("-", "_")
    draft = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=containers))
    try:
        for part in ("common", MODELS[problem]):
            _copy(_TEMPLATES / part, draft, {_PACKAGE: package, _FOLDER: name})
        (draft / "requirements.txt").write_text(locked, "utf-8")  # it needs no more, and no other versions
        draft.chmod(_PERMISSIONS)
        draft.rename(folder)  # at once, so that there is never half of it
    except BaseException:
        shutil.rmtree(draft)
        raise
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _check_name(name: str, locked: str) -> None:
    if not re.fullmatch(NAME, name):
        raise PenstockError(f"{name!r} cannot be a container's name: it has to be {MEANING[NAME]}.")
    # The container's own package has its name, and would hide another one, or be hidden by it.
    package = name.replace("-", "_")
    installed = {found.lower().replace("-", "_") for found in _PINNED.findall(locked)}
    if package in {RUNTIME, *_PROGRAMS, *sys.stdlib_module_names, *installed} or keyword.iskeyword(package):
        raise PenstockError(f"{name!r} cannot be a container's name: its Python package would clash with another one.")


def _copy(template: Path, target: Path, words: dict[str, str]) -> None:
    """Copy the files of a template, with other words in their paths and their text."""
    for path in sorted(template.rglob("*")):
        if not path.is_file() or "__pycache__" in path.parts:
            continue
        copy = target / _replaced(path.relative_to(template).as_posix(), words)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(_replaced(path.read_text("utf-8"), words), "utf-8")
        if copy.name in _PROGRAMS:
            copy.chmod(_PERMISSIONS)


def _replaced(text: str, words: dict[str, str]) -> str:
    for word, replacement in words.items():
        text = text.replace(word, replacement)
    return text
