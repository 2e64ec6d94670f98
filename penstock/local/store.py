"""What a cloud keeps on disk of what it did, to come back with it after it was ended, however that happened."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from penstock.local.database import Database
from penstock.local.service import JsonObject

_TABLES = """
CREATE TABLE IF NOT EXISTS records (kind TEXT, name TEXT, value TEXT, PRIMARY KEY (kind, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS lines (kind TEXT, name TEXT, number INTEGER, value TEXT,
  PRIMARY KEY (kind, name, number)) WITHOUT ROWID;
"""

# No text of a client has this character.
_TIME, _BYTES = "\0time", "\0bytes"


class Store:
    """Records by kind and name, such as ("training-job", "dev-bigmart-7c1f09ab"), and lists that only grow.

    A write is on disk, as far as a killed process goes, when the call returns. Values are JSON, and may hold datetimes
    and bytes. Without a file, everything is kept in memory and ends with the cloud.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Open the file, or make it."""
        self._database = Database(path, _TABLES)

    def put(self, kind: str, name: str, value: JsonObject) -> None:
        """Write a record, or write it anew."""
        self._database.execute("INSERT OR REPLACE INTO records VALUES (?, ?, ?)", kind, name, to_text(value))

    def remove(self, kind: str, name: str) -> None:
        """Remove a record and the list of its name, if there are any."""
        self._database.execute_all(
            [
                ("DELETE FROM records WHERE kind = ? AND name = ?", (kind, name)),
                ("DELETE FROM lines WHERE kind = ? AND name = ?", (kind, name)),
            ]
        )

    def all(self, kind: str) -> dict[str, JsonObject]:
        """Return the records of a kind by name."""
        rows = self._database.execute("SELECT name, value FROM records WHERE kind = ? ORDER BY name", kind)
        return {name: from_text(text) for name, text in rows}

    def append(self, kind: str, name: str, value: JsonObject) -> None:
        """Add to the list of a name."""
        self._database.execute(
            "INSERT INTO lines SELECT ?, ?, coalesce(max(number), 0) + 1, ? FROM lines WHERE kind = ? AND name = ?",
            *(kind, name, to_text(value), kind, name),
        )

    def lines(self, kind: str, name: str) -> list[JsonObject]:
        """Return the list of a name."""
        rows = self._database.execute("SELECT value FROM lines WHERE kind = ? AND name = ? ORDER BY number", kind, name)
        return [from_text(text) for (text,) in rows]

    def close(self) -> None:
        """Close the file; nothing is written from then on."""
        self._database.close()


def to_text(value: JsonObject) -> str:
    """Return a value as it is kept: JSON, in which datetimes and bytes are marked.

    Raises:
        TypeError: there is something else in it.
    """
    return json.dumps(value, default=_tagged)


def _tagged(value: Any) -> JsonObject:
    if isinstance(value, datetime):
        return {_TIME: value.astimezone(UTC).isoformat()}
    if isinstance(value, bytes):
        return {_BYTES: base64.b64encode(value).decode()}
    raise TypeError(f"{value!r} cannot be kept: it is no JSON, no time and no bytes.")


def from_text(text: str) -> JsonObject:
    """Return the value that a text keeps."""
    value: JsonObject = json.loads(text, object_hook=_untagged)
    return value


def _untagged(value: JsonObject) -> Any:
    if value.keys() == {_TIME}:
        return datetime.fromisoformat(value[_TIME])
    if value.keys() == {_BYTES}:
        return base64.b64decode(value[_BYTES])
    return value
