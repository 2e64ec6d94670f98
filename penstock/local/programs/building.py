"""A container's folder built to a program, as `docker build` would make an image of it."""

import compileall
import shutil
from pathlib import Path

from penstock.errors import CloudError
from penstock.local.programs.environments import built, environment
from penstock.local.programs.program import Program
from penstock.spec.image import build_files, image_tag, tag_of


def build(folder: Path, cache: Path) -> Program:
    """Return the program of a container as it is now; `cache` keeps what was built.

    Raises:
        SpecError: there is no runtime beside a container whose Dockerfile copies it in.
        CloudError: its packages cannot be installed, or a file was edited at the same time.
    """
    tag = image_tag(folder)
    files = built(cache / "images" / tag, lambda target: lay_out(folder, tag, target))
    return packed(files, cache)


def packed(files: Path, cache: Path) -> Program:
    """Return the program of files that were laid out, with the environment that its packages are in.

    Raises:
        CloudError: they cannot be installed.
    """
    return Program(files, environment(files / "requirements.txt", cache / "environments"))


def lay_out(folder: Path, tag: str, target: Path) -> None:
    """Copy what the image of a container is built from, and compile it.

    Raises:
        CloudError: the files are not those that the tag is the hash of.
    """
    files = build_files(folder)
    for path, source in files.items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target / path, follow_symlinks=False)
    if tag_of({path: target / path for path in files}) != tag:
        raise CloudError(f"{folder}: edited while its image {tag} was made from it. Run again.")
    compileall.compile_dir(target, quiet=2)  # here, and not by each program that starts
