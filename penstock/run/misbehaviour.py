"""Faults that are planned for a run or hit it otherwise, and what became of them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from penstock.errors import CloudError
from penstock.local.control import Connection
from penstock.local.faults.fault import Fault
from penstock.local.service import JsonObject


class Misbehaviour:
    """What goes wrong on purpose in a cloud from now on, whoever planned it."""

    def __init__(self, connection: Connection, say: Callable[[str], None]) -> None:
        self._connection = connection
        self._say = say
        self._planned: list[int] = []
        self._before = {item["id"]: len(item["met"]) for item in connection.faults()["faults"]}

    def plan(self, faults: Sequence[Fault]) -> None:
        """Have the cloud misbehave while the run goes on."""
        if not faults:
            return
        self._planned += self._connection.faults(plan=faults)["planned"]
        for fault in faults:
            self._say(f"  Fault    {fault.text}")
        self._say("")

    def end(self, into: list[JsonObject]) -> None:
        """Say what happened, keep it in `into`, and forget what was planned for the run."""
        described = self._connection.faults()["faults"]
        if self._planned:
            self._connection.faults(forget=self._planned)
        for item in described:
            met = item["met"][self._before.get(item["id"], 0) :]
            if met or item["id"] in self._planned:
                into.append({"fault": item["fault"], "met": met})
                self._say(f"  Fault    {item['fault']}: {_outcome(met)}")


@contextmanager
def misbehaviour(connection: Connection, into: list[JsonObject], say: Callable[[str], None]) -> Iterator[Misbehaviour]:
    """Provide for a run's faults; in the end, say which of them it met, and keep them in `into`.

    Each item has the `fault` as a line, and where it was `met`.
    """
    watched = Misbehaviour(connection, say)
    try:
        yield watched
    finally:
        with suppress(CloudError):  # the run's own error is what counts, if the cloud is gone
            watched.end(into)


def _outcome(met: Sequence[str]) -> str:
    if not met:
        return "planned, never met"
    return f"met by {met[0]}" + (f" and {len(met) - 1} more" if len(met) > 1 else "")
