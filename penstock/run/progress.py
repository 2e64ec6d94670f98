"""The lines of a run's states, written while it goes on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from penstock.run import report
from penstock.run.execution import State

# Its error is a verdict, which the state machine acts on; after others that it catches it looks, or tries again.
_VERDICT = "Smoke test"


class Progress:
    """Shows a line for each step of the work, as it starts and as it ends.

    Waits get no line of their own, nor do choices but the gate. What is asked after a wait is a look at work that goes
    on, such as an endpoint that is being made: the line of that work ends with it, and shows the time of all of it.
    """

    def __init__(
        self,
        *,
        say: Callable[[str], None],
        working: Callable[[str], None],
        detail: Callable[[State], str],
        speed: float = 1.0,
    ) -> None:
        self._say = say
        self._working = working
        self._detail = detail
        self._speed = speed
        self._current: State | None = None  # the state whose line is open
        self._began: datetime | None = None
        self._after_wait = False
        self._gate: State | None = None  # which has judged; how, the next state shows
        self._failed = ""  # the name of the work that has failed

    def show(self, state: State) -> None:
        """Take in that a state has started or ended."""
        if state.name == "Gate" and state.status != "FAILED":
            self._close(state.entered)
            self._gate = state
        elif self._gate is not None:
            self._judge(self._gate, passed=state.kind != "Succeed")
        if state.status == "FAILED":
            self._fail(state)
        elif state.kind == "Wait":
            self._after_wait = True
        elif state.kind == "Task" and state.status == "RUNNING":
            if not self._after_wait and not self._again(state):
                self._close(state.entered)
                self._current, self._began = state, state.entered
                self._working(report.started(state))
            self._after_wait = False

    def end(self, at: datetime) -> None:
        """Take in that the execution has succeeded."""
        self._close(at)

    def place(self, state: State) -> str:
        """Return where the execution failed: at which work, and at which state where that has another name."""
        work = self._failed or state.name
        return f"at {work}" + (f" ({state.name})" if state.name != work else "")

    def _again(self, state: State) -> bool:
        """Is it a further attempt at the work that goes on?"""
        return self._current is not None and state.name == f"{self._current.name} again"

    def _judge(self, gate: State, *, passed: bool) -> None:
        shown = replace(gate, status="SUCCEEDED" if passed else "FAILED")
        self._say(report.ended(shown, self._detail(shown)))
        self._gate = None

    def _close(self, at: datetime) -> None:
        if self._current is not None and self._began is not None:
            failed = self._current.name == _VERDICT and self._current.caught
            self._failed = self._current.name if failed else self._failed
            status, seconds = "FAILED" if failed else "SUCCEEDED", self._seconds(self._began, at)
            shown = replace(self._current, status=status, seconds=seconds)
            self._say(report.ended(shown, self._detail(shown)))
        self._current = None

    def _fail(self, state: State) -> None:
        """A look that fails, or a Fail state after one, is the failure of the work that was looked at."""
        if self._failed and state.kind == "Fail":  # what went wrong was shown, and what was done about it ends here
            self._close(state.entered)
            return
        work = self._current or state
        began = self._began if self._current is not None and self._began is not None else state.entered
        seconds = self._seconds(began, state.entered) + state.seconds
        self._current, self._failed = None, work.name
        self._say(report.ended(replace(work, status="FAILED", seconds=seconds), self._detail(state)))

    def _seconds(self, began: datetime, ended: datetime) -> float:
        """Return how long it was on this machine."""
        return (ended - began).total_seconds() / self._speed
