"""What is wrong in the files, and how it is told."""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches

Location = tuple[str | int, ...]  # the keys and list positions that lead to a value


@dataclass(frozen=True, order=True)
class Mistake:
    """One thing that is wrong in a file; line and column count from 1, or are 0 when it is about the whole file."""

    file: str
    line: int
    column: int
    message: str
    remedy: str = ""

    @property
    def place(self) -> str:
        """The place in the form that terminals and editors make clickable."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


class UnreadableError(Exception):
    """A file cannot be read any further; there is one mistake to tell."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(mistake.message)
        self.mistake = mistake


def report(mistakes: Collection[Mistake], pipelines: int) -> str:
    """Return every mistake in the order of the files, then a summary; `pipelines` is how many there are."""
    width = max(len(mistake.place) for mistake in mistakes)
    lines = []
    for mistake in sorted(mistakes):
        lines.append(f"{mistake.place:{width}}  {mistake.message}")
        if mistake.remedy:
            lines.append(f"    {mistake.remedy}")
    files = {mistake.file for mistake in mistakes}
    wrong = {file.split("/")[1] for file in files if file.startswith("pipelines/")}
    where = sorted(file for file in files if not file.startswith("pipelines/"))
    if wrong:
        where.append(f"{len(wrong)} of {plural(pipelines, 'pipeline')}")
    lines.append(f"{plural(len(mistakes), 'error')} in {' and '.join(where)}. Nothing was synthesised.")
    return "\n".join(lines)


def plural(count: int, noun: str) -> str:
    """Return "1 pipeline", "2 pipelines"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def dotted(location: Location) -> str:
    """Return a key as it is shown: train.hyperparameters, notify[0], data.columns."two words"."""
    shown = ""
    for part in location:
        if isinstance(part, int):
            shown += f"[{part}]"
        else:
            shown += ("." if shown else "") + (part if re.fullmatch(r"[\w-]+", part) else quoted(part))
    return shown


def quoted(text: str, limit: int = 60) -> str:
    """Return text in double quotes on one line, shortened, with control characters escaped."""
    short = text if len(text) <= limit else text[: limit - 1] + "…"
    return json.dumps(short, ensure_ascii=not short.isprintable())


def suggestion(found: object, known: Collection[str]) -> str:
    """Return "Did you mean …?" with the nearest of the known words, or nothing when none is near."""
    text = str(found)
    near = [word for word in known if word.endswith(f".{text}")]
    near = near or [word for word in known if word.strip().casefold() == text.strip().casefold()]
    near = near or get_close_matches(text, known, n=1)
    return f"Did you mean {near[0]}?" if near else ""
