"""The lines of a run's states, written while it goes on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from penstock.run import report
from penstock.run.details.deploying import under_way
from penstock.run.details.seen import Detail
from penstock.run.execution import State

# Tasks that belong to the work of another, which has the line.
_PARTS = {
    "Describe best job": "Tune",
    "Create package group": "Register",
    "Record approval": "Ask for approval",
    "Put scaling policy": "Register scaling",
    **dict.fromkeys(("Read lock", "Describe lock owner", "Claim turn", "Break lock"), "Take lock"),
}
# Looks at an endpoint belong to what was done to it last: the line of that work ends with them.
_LOOKS = ("Describe endpoint", "Describe restored endpoint")
_SILENT = ("Release lock",)
# These have a line only where there is something to say: at most times the lock is free.
_QUIET = ("Take lock",)
# A further attempt at what an error has kept from being done.
_AGAIN = " again"
# A person has to act before this one ends.
_ASKS = "Ask for approval"


class Progress:
    """Shows a line for each step of the work, as it starts and as it ends.

    Choices and waits get no line of their own. What is asked after a wait is a look at work that goes on, such as an
    endpoint that is being made: the line of that work ends with it, and shows the time of all of it.
    """

    def __init__(
        self,
        *,
        say: Callable[[str], None],
        working: Callable[[str], None],
        detail: Callable[[State], Detail],
        pipeline: str,
        speed: float = 1.0,
    ) -> None:
        self._say = say
        self._working = working
        self._detail = detail
        self._pipeline = pipeline
        self._speed = speed
        self._current: State | None = None  # the state whose line is open
        self._began: datetime | None = None
        self._failed = ""  # the name of the work that has failed

    def show(self, state: State) -> None:
        """Take in that a state has started or ended."""
        if state.status == "FAILED":
            self._fail(state)
        elif state.kind == "Wait" and state.status == "RUNNING" and self._current is None:
            self._open(state)  # it is not for work of this run
        elif state.kind == "Task" and state.status == "RUNNING":
            if not self._goes_on(state):
                self._close(state.entered)
                self._open(state)
            elif self._current is not None and state.name.removesuffix(_AGAIN) == _line(self._current):
                self._current = state
        elif state.status == "SUCCEEDED" and _line(state) in _LOOKS and self._current is not None:
            self._working(report.started(_line(self._current), under_way(state.output)))

    def end(self, at: datetime) -> None:
        """Take in that the execution has succeeded."""
        self._close(at)

    def place(self, state: State) -> str:
        """Return where the execution failed: at which work, and at which state where that has another name."""
        work = self._failed or state.name
        return f"at {work}" + (f" ({state.name})" if state.name != work else "")

    def _goes_on(self, state: State) -> bool:
        """Is the state more of the work whose line is open?"""
        if self._current is None:
            return False
        if _line(state) in _LOOKS:
            return _line(self._current).endswith(" endpoint")
        return _line(state) == _line(self._current)

    def _open(self, state: State) -> None:
        if _line(state) in (*_LOOKS, *_SILENT):
            return
        self._current, self._began = state, state.entered
        if state.name == _ASKS:
            answers = " or ".join(f"`penstock {word} {self._pipeline} --why TEXT`" for word in ("approve", "reject"))
            self._say(report.waiting(state.name, answers))
        self._working(report.started(_line(state)))

    def _close(self, at: datetime) -> None:
        if self._current is not None and self._began is not None:
            work = replace(self._current, name=_line(self._current), seconds=self._seconds(self._began, at))
            detail = self._detail(work)
            self._failed = work.name if work.caught and not detail.held else self._failed
            if detail.words or work.name not in _QUIET:
                self._say(report.ended(replace(work, status="SUCCEEDED" if detail.held else "FAILED"), detail.words))
        self._current = None

    def _fail(self, state: State) -> None:
        """A look that fails, or a Fail state after one, is the failure of the work that was looked at."""
        if self._failed and state.kind == "Fail":  # what went wrong was shown, and what was done about it ends here
            self._close(state.entered)
            return
        work = self._current or state
        work = replace(work, name=_line(work))
        began = self._began if self._current is not None and self._began is not None else state.entered
        seconds = self._seconds(began, state.entered) + state.seconds
        self._current, self._failed = None, work.name
        self._say(report.ended(replace(work, status="FAILED", seconds=seconds), self._detail(state).words))

    def _seconds(self, began: datetime, ended: datetime) -> float:
        """Return how long it was on this machine."""
        return (ended - began).total_seconds() / self._speed


def _line(state: State) -> str:
    """Return the name of the work that a state is part of."""
    name = state.name.removesuffix(_AGAIN)
    return _PARTS.get(name, name)
