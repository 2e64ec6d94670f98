"""What the drawings share: colours by the type of a state or by what became of it, and labels of short lines."""

from dataclasses import dataclass
from textwrap import wrap

from penstock.graph.machine import Machine, State
from penstock.graph.trace import NOT_REACHED, Trace

# Fill, outline and text.
COLOURS = {
    "Task": ("#e8f1fb", "#3b78b8", "#222222"),
    "Choice": ("#fdf3d8", "#c29a2b", "#222222"),
    "Wait": ("#eeeeee", "#888888", "#222222"),
    "Pass": ("#eeeeee", "#888888", "#222222"),
    "Succeed": ("#e4f4e4", "#4a994a", "#222222"),
    "Fail": ("#fbe6e4", "#c0504a", "#222222"),
    "succeeded": ("#d9f0d9", "#3f8f3f", "#222222"),
    "caught": ("#fdebc8", "#d08a1e", "#222222"),
    "failed": ("#f7c9c5", "#b8332c", "#222222"),
    "running": ("#cfe2f7", "#2f6db0", "#222222"),
    NOT_REACHED: ("#ffffff", "#cccccc", "#999999"),
}
_LASTING = ("Task", "Wait")  # the others take no time
_WIDTH = 30


@dataclass(frozen=True)
class Drawing:
    """A machine to be drawn, and if it is of an execution, the way that this went."""

    machine: Machine
    trace: Trace | None = None

    @property
    def title(self) -> str:
        """What stands above it: nothing, or which execution it is."""
        return f"{self.machine.name} · {self.trace.title}" if self.trace else ""

    def look(self, state: State) -> str:
        """Return the key of a state's colours."""
        return self.trace.status(state.name) if self.trace else state.type

    def below(self, state: State) -> str:
        """Return what stands below a state's name: what it does, or for how long it did."""
        if self.trace is None:
            return state.does
        visit = self.trace.visits.get(state.name)
        return str(visit) if visit is not None and state.type in _LASTING else ""

    def taken(self, source: str, target: str) -> bool | None:
        """Was a transition taken? None, if it is no drawing of an execution."""
        return (source, target) in self.trace.steps if self.trace else None


def lines(label: str) -> list[str]:
    """Return a label as lines of about 30 characters."""
    return wrap(label, _WIDTH, break_long_words=False, break_on_hyphens=False)
