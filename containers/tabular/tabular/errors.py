"""What the people who use the container can put right; each message says what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

TEXT_LENGTH = 60
LIST_LENGTH = 20
LINE_END = "\\u000a"


class TabularError(Exception):
    """The data, the settings or the model do not allow the job; the message becomes the job's exit message."""


def quoted(text: str) -> str:
    """Quote text that somebody sent us, cut to a readable length; safe to print and to encode."""
    shown = text if len(text) <= TEXT_LENGTH else text[:TEXT_LENGTH] + "…"
    return f'"{printable(shown.replace(chr(10), LINE_END))}"'


def printable(message: str) -> str:
    """Escape what would not be seen, or would change the terminal; the ends of lines stay."""
    return "".join(
        character if character.isprintable() or character == "\n" else f"\\u{ord(character):04x}"
        for character in message
    )


def listed(names: Sequence[str]) -> str:
    """List names for a message, as many as are still readable."""
    shown = ", ".join(quoted(name) for name in names[:LIST_LENGTH])
    return shown if len(names) <= LIST_LENGTH else f"{shown} and {len(names) - LIST_LENGTH} more"


def counted(number: int, thing: str, things: str = "") -> str:
    """Return a number with what it counts: `1 row`, `1,024 rows`."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"
