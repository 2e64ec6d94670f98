"""Where an execution goes on when it is redriven, read from its history."""

import json
from dataclasses import dataclass, field
from typing import Any

from penstock.local.service import JsonObject
from penstock.local.services.stepfunctions.history import Entry, Path


@dataclass
class Place:
    """Where a machine, a branch or an iteration stands: the state that comes, its input, and the variables.

    There is no state where the last one was left: the input is then the output. `group` is the event that started the
    branches or iterations of the state, where it had any.
    """

    state: str | None
    input: Any
    variables: JsonObject = field(default_factory=dict)
    group: int | None = None


class Resumption:
    """Where an execution stands, and each branch and iteration of the state that it was in."""

    def __init__(self, entries: list[Entry], *, anew: bool) -> None:
        """Read a history; `anew` runs every branch and iteration of the state that failed again."""
        self._places = _places(entries)
        self._anew = anew

    def place(self, path: Path) -> Place | None:
        """Return where the machine at a path stands, if it had begun."""
        return self._places.get(path)

    def take_group(self, path: Path, state: str) -> int | None:
        """Return which event had started the branches of a state that now go on: once, since a retry begins anew."""
        place = self._places.get(path)
        if self._anew or place is None or place.state != state:
            return None
        group, place.group = place.group, None
        return group


def _places(entries: list[Entry]) -> dict[Path, Place]:
    places: dict[Path, Place] = {}
    for entry in entries:
        path, event = entry.path, entry.event
        if path and path[:-1] in places:
            places[path[:-1]].group = path[-1][0]
        if "stateEnteredEventDetails" in event:
            places[path] = _entered(event["stateEnteredEventDetails"], places.get(path))
        elif "stateExitedEventDetails" in event:
            places[path] = _left(event["stateExitedEventDetails"], places[path], entry.following)
    return places


def _entered(details: JsonObject, before: Place | None) -> Place:
    place = before or Place(None, None)
    # A state that is entered twice without being left was redriven: its branches are those from before.
    group = place.group if place.state == details["name"] else None
    return Place(details["name"], json.loads(details["input"]), place.variables, group)


def _left(details: JsonObject, place: Place, following: str | None) -> Place:
    assigned = {name: json.loads(text) for name, text in details.get("assignedVariables", {}).items()}
    return Place(following, json.loads(details["output"]), place.variables | assigned)
