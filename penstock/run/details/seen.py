"""What the line of a state is made from, and what it is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from penstock.local.service import JsonObject
from penstock.run.execution import Execution, State


class Detail(NamedTuple):
    """A few words on a state that has ended, and whether what it had to decide was decided for the model."""

    words: str = ""
    held: bool = True


@dataclass(frozen=True)
class Seen:
    """What a detail is made from: the state, its run, and what the run has stored, read by name."""

    state: State
    run: Execution
    stored: Callable[[str], JsonObject]

    def variable(self, name: str, default: Any = None) -> Any:
        """Return a variable of the state machine; an empty one is none."""
        return self.run.variables.get(name) or default

    @property
    def asked(self) -> JsonObject:
        """What the state called its service with."""
        return self.state.parameters or {}
