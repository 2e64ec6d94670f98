"""A case of the battery: what goes wrong, and what is to come of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from battery.world import World

Serves = Literal["new", "former", "nothing", "either"]


@dataclass(frozen=True)
class Case:
    """One fault case; what it does not say is as in a run with nothing wrong."""

    name: str
    faults: tuple[str, ...] = ()  # FORMER stands for the endpoint config that is served before
    settings: Mapping[str, Any] = field(default_factory=dict)  # hyperparameters of the run
    data: str = "tiny/data/"
    fresh: bool = False  # there is no endpoint before
    before: "Callable[[World, str], None] | None" = None  # what was done before the run of this name
    meanwhile: "Callable[[World, str], None] | None" = None  # what is done during the execution of this ARN
    status: str = "SUCCEEDED"
    outcome: str = "DEPLOYED"  # of a run that succeeds
    error: str = ""
    at: str = ""  # the state that failed
    serves: Serves | None = None  # afterwards; without it, by the status
    interrupted: bool = False  # requests may fail meanwhile
    reports: tuple[int, int] = (1, 1)  # of a failure: at least and at most
    met: bool = True  # every fault comes to pass

    @property
    def serving(self) -> Serves:
        """What is to be served afterwards."""
        if self.serves is not None:
            return self.serves
        if self.status == "SUCCEEDED" and self.outcome == "DEPLOYED":
            return "new"
        return "nothing" if self.fresh else "former"
