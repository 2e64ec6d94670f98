"""Faults that are planned for a run, and what became of them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from penstock.errors import CloudError
from penstock.local.control import Connection
from penstock.local.faults.fault import Fault
from penstock.local.service import JsonObject


@contextmanager
def planned(
    connection: Connection, faults: Sequence[Fault], into: list[JsonObject], say: Callable[[str], None]
) -> Iterator[None]:
    """Have the cloud misbehave while a run goes on; then say what happened, and keep it in `into`.

    Each item has the `fault` as a line, and where it was `met`.
    """
    if not faults:
        yield
        return
    ids = connection.faults(plan=faults)["planned"]
    for fault in faults:
        say(f"  Fault    {fault.text}")
    say("")
    try:
        yield
    finally:
        with suppress(CloudError):  # the run's own error is what counts, if the cloud is gone
            described = [item for item in connection.faults()["faults"] if item["id"] in ids]
            connection.faults(forget=ids)
            into += [{"fault": item["fault"], "met": item["met"]} for item in described]
            for item in into:
                say(f"  Fault    {item['fault']}: {_outcome(item['met'])}")


def _outcome(met: Sequence[str]) -> str:
    if not met:
        return "planned, never met"
    return f"met by {met[0]}" + (f" and {len(met) - 1} more" if len(met) > 1 else "")
