"""What is kept of executions in the cloud's store: each one's record, and its events as they happen."""

from penstock.local.service import JsonObject
from penstock.local.services.stepfunctions.history import Entry, Path
from penstock.local.store import Store

_KIND = "execution"


class Kept:
    """Executions in a store, by ARN."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def record(self, arn: str, record: JsonObject) -> None:
        """Keep an execution as it is now."""
        self._store.put(_KIND, arn, record)

    def entry(self, arn: str, entry: Entry) -> None:
        """Keep an event."""
        self._store.append(_KIND, arn, {"event": entry.event, "path": entry.path, "following": entry.following})

    def forget(self, arn: str) -> None:
        """Keep nothing of an execution any more."""
        self._store.remove(_KIND, arn)

    def records(self) -> dict[str, JsonObject]:
        """Return the records by ARN."""
        return self._store.all(_KIND)

    def entries(self, arn: str) -> list[Entry]:
        """Return the course of an execution."""
        lines = self._store.lines(_KIND, arn)
        return [Entry(line["event"], _path(line["path"]), line["following"]) for line in lines]


def _path(parts: list[list[int]]) -> Path:
    return tuple((group, index) for group, index in parts)
