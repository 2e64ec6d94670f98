"""The tag of a container's image: a hash of everything that the image is built from."""

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from penstock.errors import SpecError

# The folder beside the containers with what their programs have in common; it is none itself.
RUNTIME = "runtime"
_COPIES_RUNTIME = re.compile(rf"^COPY\s+(--\S+\s+)*--from={RUNTIME}\s", re.IGNORECASE | re.MULTILINE)
WILDCARDS = {"**/": "(.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def image_tag(folder: Path, arguments: Mapping[str, str] = {}, platform: str = "linux/amd64") -> str:
    """Return 16 hexadecimal digits: the same for the same files, build arguments and platform, on every machine.

    A file counts with its path, its executable bit and its content; a symbolic link with where it points. What
    .dockerignore keeps out of the build does not count, and neither do folders named __pycache__.

    Raises:
        SpecError: there is no such folder, or no runtime that it is built with.
    """
    if not folder.is_dir():
        raise SpecError(f"{folder}: there is no such container folder, so its image has no tag.")
    return tag_of(build_files(folder), arguments, platform)


def tag_of(files: Mapping[str, Path], arguments: Mapping[str, str] = {}, platform: str = "linux/amd64") -> str:
    """Return the tag of an image that is built from these files, by their paths in the build."""
    contents = [(path, *_content(files[path])) for path in sorted(files)]
    build = json.dumps([contents, dict(sorted(arguments.items())), platform])
    return hashlib.sha256(build.encode()).hexdigest()[:16]


def build_files(folder: Path) -> dict[str, Path]:
    """Return the files that an image is built from, by their paths in it, below the programs' folder.

    They are those of the container, and of the runtime where its Dockerfile copies that in.

    Raises:
        SpecError: there is no runtime beside the container.
    """
    files = {path: folder / path for path in _build_context(folder)}
    if not copies_runtime(folder / "Dockerfile"):
        return files
    runtime = folder.with_name(RUNTIME)
    if not (runtime / RUNTIME).is_dir():
        raise SpecError(f"{runtime}: there is no such folder, and the Dockerfile of {folder.name} copies it in.")
    return files | {path: runtime / path for path in _build_context(runtime) if path.startswith(f"{RUNTIME}/")}


def copies_runtime(dockerfile: Path) -> bool:
    """Tell whether an image is built with the runtime (`docker build --build-context runtime=containers/runtime …`)."""
    return dockerfile.is_file() and _COPIES_RUNTIME.search(dockerfile.read_text("utf-8")) is not None


def _build_context(folder: Path) -> Iterator[str]:
    """Yield the path, below `folder`, of each file that a build sees: Docker reads an ignored Dockerfile too."""
    rules = _ignore_rules(folder / ".dockerignore")
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        links = [name for name in folders if Path(parent, name).is_symlink()]
        for name in files + links:
            path = Path(parent, name).relative_to(folder).as_posix()
            decisions = [keep for rule, keep in rules if rule.fullmatch(path)]
            if path == "Dockerfile" or not decisions or decisions[-1]:
                yield path


def _content(path: Path) -> tuple[bool, str]:
    if path.is_symlink():
        return False, f"-> {path.readlink().as_posix()}"
    return os.access(path, os.X_OK), hashlib.sha256(path.read_bytes()).hexdigest()


def _ignore_rules(file: Path) -> list[tuple[re.Pattern[str], bool]]:
    """Return each pattern of a .dockerignore, and whether it keeps what it matches; the last match decides."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    patterns = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return [(_pattern(pattern.removeprefix("!").strip("/")), pattern.startswith("!")) for pattern in patterns]


def _pattern(pattern: str) -> re.Pattern[str]:
    """Return a pattern that matches what it names, and everything below it."""
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    return re.compile("".join(WILDCARDS.get(part) or re.escape(part) for part in parts) + "(/.*)?")
