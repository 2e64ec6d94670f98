"""The lines of a run's states, written while it goes on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from penstock.run import report
from penstock.run.execution import State


class Progress:
    """Shows a line for each step of the work, as it starts and as it ends.

    Choices and waits get no line of their own. What is asked after a wait is a look at work that goes on, such as an
    endpoint that is being made: the line of that work ends with it, and shows the time of all of it.
    """

    def __init__(
        self, *, say: Callable[[str], None], working: Callable[[str], None], detail: Callable[[State], str]
    ) -> None:
        self._say = say
        self._working = working
        self._detail = detail
        self._current: State | None = None  # the state whose line is open
        self._began: datetime | None = None
        self._after_wait = False

    def show(self, state: State) -> None:
        """Take in that a state has started or ended."""
        if state.status == "FAILED":
            self._fail(state)
        elif state.kind == "Wait":
            self._after_wait = True
        elif state.kind == "Task" and state.status == "RUNNING":
            if not self._after_wait:
                self._close(state.entered)
                self._current, self._began = state, state.entered
                self._working(report.started(state))
            self._after_wait = False

    def end(self, at: datetime) -> None:
        """Take in that the execution has succeeded."""
        self._close(at)

    def _close(self, at: datetime) -> None:
        if self._current is not None and self._began is not None:
            shown = replace(self._current, status="SUCCEEDED", seconds=(at - self._began).total_seconds())
            self._say(report.ended(shown, self._detail(shown)))
        self._current = None

    def _fail(self, state: State) -> None:
        """A look that fails, or a Fail state after one, is the failure of the work that was looked at."""
        work = self._current or state
        began = self._began if self._current is not None and self._began is not None else state.entered
        seconds = (state.entered - began).total_seconds() + state.seconds
        self._current = None
        self._say(report.ended(replace(work, status="FAILED", seconds=seconds), self._detail(state)))
