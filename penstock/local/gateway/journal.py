"""The calls that made a cloud's state what it is, on disk, so that a cloud that was killed can make them again."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from penstock.local.clock import Clock
from penstock.local.database import Database
from penstock.local.service import Caller, JsonObject
from penstock.local.store import from_text, to_text

_TABLES = """
CREATE TABLE IF NOT EXISTS calls (number INTEGER PRIMARY KEY, entry TEXT, body BLOB);
CREATE TABLE IF NOT EXISTS struck (message TEXT PRIMARY KEY) WITHOUT ROWID;
"""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One call that changed something.

    Of a call to moto, `request` is the HTTP request's method, path, query and headers, and its body is in `body`, or in
    the file of that name in the journal's folder if it is large. Of a call to ours, `request` has the parameters.
    """

    time: datetime
    service: str
    operation: str
    caller: Caller
    request: JsonObject
    body: bytes = b""
    file: str = ""
    seed: int = 0  # of moto's random numbers: with it the same ids come out again
    kept: JsonObject  # what was random in spite of the seed
    subject: str = ""  # what the call is about, where a later call can undo it
    made: str = ""  # the version of an object or the messages that came of it, parted by spaces
    number: int = 0  # its place in the journal


class Journal:
    """An append-only list of calls; each one is on disk, as far as a killed process goes, before it is answered.

    Nothing is written until `begin`: while the calls of the last time are made again, they are in it already.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        """Open the journal of a folder, or make it; `clock` is what our own services go by."""
        self.clock = clock
        self.bodies = folder / "bodies"
        self.bodies.mkdir(parents=True, exist_ok=True)
        self._database = Database(folder / "journal.db", _TABLES)
        self._writing = False

    def begin(self) -> None:
        """Write from now on."""
        self._writing = True

    def write(self, entry: Entry) -> None:
        """Add a call.

        Raises:
            AwsError: InternalFailure (500), it cannot be written.
        """
        if self._writing:
            text = to_text(asdict(replace(entry, body=b"")))
            self._database.execute("INSERT INTO calls (entry, body) VALUES (?, ?)", text, entry.body)

    def strike(self, messages: Iterable[str]) -> None:
        """Note that messages are gone from their queues.

        Raises:
            AwsError: InternalFailure (500), it cannot be written.
        """
        if self._writing:
            self._database.execute_all(("INSERT OR IGNORE INTO struck VALUES (?)", (one,)) for one in messages)

    def struck(self) -> set[str]:
        """Return the messages that are gone from their queues."""
        return {message for (message,) in self._database.execute("SELECT message FROM struck")}

    def entries(self) -> list[Entry]:
        """Return the calls in order, without their bodies."""
        rows = self._database.execute("SELECT number, entry FROM calls ORDER BY number")
        values = ((number, from_text(text)) for number, text in rows)
        return [Entry(**value | {"caller": Caller(**value["caller"]), "number": number}) for number, value in values]

    def body(self, entry: Entry) -> bytes:
        """Return the body of a call, unless it is in a file."""
        ((body,),) = self._database.execute("SELECT body FROM calls WHERE number = ?", entry.number)
        return bytes(body)

    def rewrite(self, left: Iterable[Entry], *, without: Iterable[Entry], unstruck: Iterable[str]) -> None:
        """Write calls that have a body now anew; forget others, and messages that no call is left to send."""
        calls = [*left]
        self._database.execute_all(
            [
                *(
                    ("UPDATE calls SET body = ? WHERE number = ?", (call.body, call.number))
                    for call in calls
                    if call.body
                ),
                *(("DELETE FROM calls WHERE number = ?", (call.number,)) for call in without),
                *(("DELETE FROM struck WHERE message = ?", (message,)) for message in unstruck),
            ]
        )
        files = {call.file for call in calls}
        for path in self.bodies.iterdir():
            if path.name not in files:
                path.unlink()

    def close(self) -> None:
        """Close the file; nothing is written from then on."""
        self._database.close()
