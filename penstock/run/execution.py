"""One execution of a state machine, as far as it is known."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass
class State:
    """A state that an execution entered: `seconds` of this machine in all, over every time that it was entered."""

    name: str
    kind: str  # Task, Choice, Wait, Pass, Succeed, Fail …
    entered: datetime  # the last time
    status: str = "RUNNING"  # RUNNING, SUCCEEDED or FAILED
    seconds: float = 0.0
    output: Any = None
    resource: str = ""  # what a task called: createTrainingJob.sync
    parameters: Any = None  # with what
    caught: str = ""  # the error that it ended in, and that the state machine went on with
    cause: str = ""  # of that error


@dataclass
class Execution:
    """An execution as far as its history has been read, in a cloud whose time passes at a `speed`."""

    arn: str
    name: str
    states: dict[str, State] = field(default_factory=dict)  # by name, in the order in which they were first entered
    path: list[str] = field(default_factory=list)  # the names of the states, as often as they were entered
    variables: dict[str, Any] = field(default_factory=dict)  # as they were assigned last
    status: str = "RUNNING"
    output: Any = None
    error: str = ""
    cause: str = ""
    stopped: datetime = datetime.min
    current: State | None = None  # the one that was entered last
    redrives: int = 0
    joined: bool = False  # somebody else had started it, and it was under way
    read: int = 0  # how many events of its history are taken in
    speed: float = 1.0

    @property
    def failed_state(self) -> State | None:
        """The state at which the execution failed."""
        return next((state for state in reversed(self.states.values()) if state.status == "FAILED"), None)
