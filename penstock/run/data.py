"""The data of a local run: the user's file, or generated records."""

import csv
import hashlib
import itertools
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from penstock.errors import RunError


@dataclass(frozen=True)
class Data:
    """A CSV file for a run: `generated` says that it holds invented records."""

    path: Path
    generated: bool

    @property
    def name(self) -> str:
        """The file's name, as far as a key in S3 may have it, with the ending that training channels go by."""
        return re.sub(r"[^A-Za-z0-9._-]+", "_", self.path.stem)[:80] + ".csv"

    def fingerprint(self) -> str:
        """Return the SHA-256 of the file's bytes, in hexadecimal."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def rows(self) -> int:
        """Return how many records follow the header, of which one may have several lines; lines, if it is no CSV."""
        with self.path.open(encoding="utf-8", errors="replace", newline="") as file:
            try:
                count = sum(1 for cells in csv.reader(file) if cells)
            except csv.Error:  # whoever reads the data says what is wrong with them
                file.seek(0)
                count = sum(1 for _ in file)
        return max(count - 1, 0)

    def first(self, count: int) -> list[dict[str, str]]:
        """Return the first records."""
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            return list(itertools.islice(csv.DictReader(file), count))

    def sample(self, size: int) -> list[dict[str, str]]:
        """Return records spread evenly over the file."""
        step = max(self.rows() // size, 1)
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            return [row for index, row in enumerate(csv.DictReader(file)) if index % step == 0][:size]


def given(option: str, path: Path) -> Data:
    """Return the user's file, that an option names.

    Raises:
        RunError: there is no such file, or it cannot be read or is empty.
    """
    try:
        if not path.is_file():
            what = "is a folder" if path.is_dir() else "does not exist" if not path.exists() else "is no file"
            raise RunError(f"{option} {path}: {what}. Give one CSV file with a header row.")
        with path.open("rb") as file:
            empty = not file.read(1)
    except OSError as error:
        raise RunError(f"{option} {path}: cannot be read ({error.strerror}).") from error
    if empty:
        raise RunError(f"{option} {path}: the file is empty. Give one CSV file with a header row.")
    return Data(path, generated=False)


def generate(folder: Path, into: Path) -> Data:
    """Run a pipeline's generate.py, which prints invented records of the pipeline's form.

    Raises:
        RunError: the pipeline has none, or it failed.
    """
    program = folder / "generate.py"
    if not program.is_file():
        raise RunError(f"{folder.name} has no {program.name} to make records with: give a file with --data FILE.")
    into.mkdir(parents=True, exist_ok=True)
    path = into / f"{folder.name}.csv"
    with path.open("w", encoding="utf-8") as file:
        made = subprocess.run([sys.executable, program], stdout=file, stderr=subprocess.PIPE, text=True, check=False)
    if made.returncode != 0:
        raise RunError(f"{program} failed with exit code {made.returncode}: {made.stderr.strip()}")
    return Data(path, generated=True)
