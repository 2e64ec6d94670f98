"""The tag of a container's image: a hash of everything that the image is built from."""

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from penstock.errors import SpecError

WILDCARDS = {"**/": "(.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def image_tag(folder: Path, arguments: Mapping[str, str] = {}, platform: str = "linux/amd64") -> str:
    """Return 16 hexadecimal digits: the same for the same files, build arguments and platform, on every machine.

    A file counts with its path, its executable bit and its content; a symbolic link with where it points. What
    .dockerignore keeps out of the build does not count, and neither do folders named __pycache__.

    Raises:
        SpecError: there is no such folder.
    """
    if not folder.is_dir():
        raise SpecError(f"{folder}: there is no such container folder, so its image has no tag.")
    files = [(path, *_content(folder / path)) for path in sorted(build_context(folder))]
    build = json.dumps([files, dict(sorted(arguments.items())), platform])
    return hashlib.sha256(build.encode()).hexdigest()[:16]


def build_context(folder: Path) -> Iterator[str]:
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
