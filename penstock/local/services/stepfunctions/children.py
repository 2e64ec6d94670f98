"""The branches of a Parallel and the iterations of a Map: machines within a machine."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEventException
from moto.stepfunctions.parser.asl.component.eval_component import EvalComponent
from moto.stepfunctions.parser.asl.eval.program_state import ProgramError

from penstock.local.services.stepfunctions import failures
from penstock.local.services.stepfunctions.history import Path, path_of
from penstock.local.services.stepfunctions.resumption import Place

# Of a Map inline that does not say how many iterations run at once.
_MOST_AT_ONCE = 40


@dataclass(frozen=True)
class Child:
    """A branch or an iteration: `begin` gives a frame its input, `end` hears: Succeeded, Failed or Aborted."""

    program: Any
    begin: Callable[[Any], None]
    end: Callable[[Any, str], None] = lambda _frame, _how: None


def run_branches(branches: Any, env: Any) -> None:
    """Run the branches of a Parallel at once, and push their outputs; moto's waits on when the execution is stopped."""
    value = env.stack.pop()
    children = [Child(program, lambda frame: frame.states.reset(value)) for program in branches.programs]
    _run(env, children, len(children), HistoryEventType.ExecutionFailed)


def run_iterations(component: Any, env: Any) -> None:
    """Run the iterations of a Map, and push their outputs; moto's cannot take up what is done."""
    given = env.stack.pop()
    program = component._get_iteration_program()
    template = given.item_selector or given.parameters

    def iteration(index: int, item: Any) -> Child:
        details = {"name": given.state_name, "index": index}

        def begin(frame: Any) -> None:
            _tell(frame, "Started", details)
            frame.states.context_object.context_object_data["Map"] = {"Item": {"Index": index, "Value": item}}
            frame.states.reset(item)
            if template is not None:
                # The template is of the Map's own input; its variables are those outside.
                frame.states.reset(env.states.get_input())
                frame.stack.append(frame.states.get_input())
                template.eval(frame)
                frame.states.reset(frame.stack.pop())

        def end(frame: Any, how: str) -> None:
            _tell(frame, how, details)

        return Child(program, begin, end)

    children = [iteration(index, item) for index, item in enumerate(given.input_items)]
    _run(env, children, given.max_concurrency or _MOST_AT_ONCE, HistoryEventType.MapIterationFailed)


def _tell(frame: Any, word: str, details: dict[str, Any]) -> None:
    frame.event_manager.add_event(
        context=frame.event_history_context,
        event_type=HistoryEventType[f"MapIteration{word}"],
        event_details={f"mapIteration{word}EventDetails": details},
        update_source_event_id=word == "Started",
    )


def _run(env: Any, children: Sequence[Child], most: int, failed: Any) -> None:
    crew = _Crew(env, children)
    workers = [threading.Thread(target=crew.work, daemon=True) for _ in range(min(most, len(children)))]
    for worker in workers:
        worker.start()
    crew.wait()
    if crew.error is not None:
        raise failures.child_failed(env, failed, crew.error)
    env.stack.append([crew.outputs.get(index) for index in range(len(children))])


class _Crew:
    """Runs children, some at a time, each in a frame of its own; the first that fails stops the others."""

    def __init__(self, env: Any, children: Sequence[Child]) -> None:
        self.outputs: dict[int, Any] = {}
        self.error: dict[str, str] | None = None
        self._env = env
        self._children = children
        self._left = [*range(len(children))][::-1]
        self._frames: list[Any] = []
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._path = path_of(env.event_history_context)
        self._resumption = env.aws_execution_details.resumption
        resumed = self._resumption.take_group(self._path, env.next_state_name) if self._resumption else None
        self._resumed = resumed is not None
        self._group = resumed if resumed is not None else env.event_history_context.source_event_id
        if not children:
            self._over.set()

    def wait(self) -> None:
        """Return when every child has succeeded, one has failed, or nobody waits any more."""
        while not self._over.wait(0.5 if self._env.is_running() else 0) and self._env.is_running():
            pass

    def work(self) -> None:
        """Run one child after the other."""
        while (index := self._next()) is not None:
            path = (*self._path, (self._group, index))
            place = self._resumption.place(path) if self._resumed else None
            if place is not None and place.state is None:
                self._succeeded(index, place.input)  # it is done
            else:
                self._evaluate(index, path, place)

    def _evaluate(self, index: int, path: Path, place: Place | None) -> None:
        child, frame = self._children[index], self._frame(path)
        try:
            frame.next_state_name = child.program.start_at.start_at_name
            child.begin(frame)
            if place is not None:
                go_on(frame, place)
            if frame.is_running():
                EvalComponent.eval(child.program, frame)
        except FailureEventException as error:
            frame.set_error(error.get_execution_failed_event_details())
        except Exception as error:  # as moto does in a program: the state that waits for this child must hear of it
            frame.set_error({"error": failures.RUNTIME, "cause": f"{type(error).__name__}({error})"})
        state = frame.program_state()
        self._env.close_frame(frame)
        if isinstance(state, ProgramError):
            child.end(frame, "Failed")
            self._failed(state.error or {})
        elif not self._env.is_running() or self._over.is_set():
            child.end(frame, "Aborted")
        else:
            child.end(frame, "Succeeded")
            self._succeeded(index, frame.states.get_input())

    def _frame(self, path: Path) -> Any:
        with self._lock:
            frame = self._env.open_inner_frame()
            frame.event_history_context.path = path
            self._frames.append(frame)
            return frame

    def _next(self) -> int | None:
        with self._lock:
            return None if self._over.is_set() or not self._left else self._left.pop()

    def _succeeded(self, index: int, output: Any) -> None:
        with self._lock:
            self.outputs[index] = output
            if len(self.outputs) == len(self._children):
                self._over.set()

    def _failed(self, error: dict[str, str]) -> None:
        with self._lock:
            if self._over.is_set():
                return
            self.error = error
            self._over.set()
        for frame in self._frames:
            frame.set_stop(stop_date=None, error=None, cause=None)


def go_on(env: Any, place: Place) -> None:
    """Let a machine go on where it stands: in a state, with its input and its variables, or at its end."""
    env.states.reset(place.input)
    env.variable_store._inner_scope.update(place.variables)
    if place.state is None:
        env.set_ended()
    else:
        env.next_state_name = place.state
