"""A cloud that comes back: the calls of its journal are carried out again, each at its time."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace

from penstock.local.gateway import randomness
from penstock.local.gateway.compaction import dead, log_calls
from penstock.local.gateway.journal import Entry, Journal
from penstock.local.gateway.moto import SERVICES, Moto
from penstock.local.service import Service

_LOG = logging.getLogger(__name__)


def replay(journal: Journal, moto: Moto, services: Mapping[str, Service]) -> list[str]:
    """Carry out every call of a journal again, in order; what fails now is logged, and the rest goes on.

    Return what to say of the calls that cannot be carried out again because somebody has removed their bodies.
    """
    _compact(journal)
    entries = journal.entries()
    if entries:
        _carry_out(entries, journal, moto, services)
    randomness.seed()
    journal.begin()
    return [
        f"Lost: {entry.service}:{entry.operation} of {entry.request.get('PATH_INFO', '')}, as {path} is gone."
        for entry in entries
        if entry.file and not (path := journal.bodies / entry.file).exists()
    ]


def _carry_out(entries: Sequence[Entry], journal: Journal, moto: Moto, services: Mapping[str, Service]) -> None:
    import time_machine  # noqa: PLC0415  it imports pytest, where that is installed: only who goes back in time waits

    struck = journal.struck()
    with time_machine.travel(0, tick=False) as now:
        for entry in entries:
            now.move_to(entry.time)
            with journal.clock.at(entry.time):
                try:
                    _again(replace(entry, body=journal.body(entry)), moto, services, struck)
                except Exception:
                    _LOG.exception("%s:%s of %s was not carried out again", entry.service, entry.operation, entry.time)


def _compact(journal: Journal) -> None:
    """Leave out of a journal what it can do without."""
    entries, struck = journal.entries(), journal.struck()
    left = {entry.number: entry for entry in entries}
    for entry in dead(entries, struck):
        left.pop(entry.number, None)
    for call, merged in log_calls([*left.values()], journal.body):
        left[call.number] = call
        for entry in merged:
            del left[entry.number]
    journal.rewrite(
        left.values(),
        without=[entry for entry in entries if entry.number not in left],
        unstruck=struck - {message for entry in left.values() for message in entry.made.split()},
    )


def _again(entry: Entry, moto: Moto, services: Mapping[str, Service], struck: set[str]) -> None:
    if entry.service in SERVICES:
        moto.replay(entry, struck)
    else:
        services[entry.service].call(entry.operation, entry.request, entry.caller)
