"""Reads the text of a file that a user wrote."""

from pathlib import Path

from penstock.spec.mistakes import Mistake, UnreadableError


def read_text(path: Path, file: str, *, limit: int) -> str:
    """Return the text of a file of at most `limit` bytes, with plain line ends; `file` is its name in messages.

    Raises:
        UnreadableError: it cannot be read, is larger, or is not UTF-8.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(limit + 1)
    except OSError as error:
        raise UnreadableError(Mistake(file, 0, 0, f"cannot be read: {error.strerror}.")) from None
    if len(content) > limit:
        raise UnreadableError(Mistake(file, 0, 0, f"larger than {limit // 1024:,} KiB, the most that is read."))
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        message = f"not UTF-8: byte 0x{content[error.start]:02x}."
        raise UnreadableError(Mistake(file, line, column, message, "Save the file in UTF-8.")) from None
