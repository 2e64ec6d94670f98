"""Parts of moto's interpreter as they should be: what a state does where moto departs from the States Language.

Each takes the place of a method of moto's, with its signature; `interpreter` says of which.
"""

import functools
import json
import re
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEventException
from moto.stepfunctions.parser.asl.component.common.retry.retrier_outcome import RetrierOutcome
from moto.stepfunctions.parser.asl.utils.json_path import NoSuchJsonPathError

from penstock.local.clock import iso
from penstock.local.services.stepfunctions import failures
from penstock.local.services.stepfunctions.history import NEXT, path_of
from penstock.local.services.stepfunctions.paths import extract
from penstock.local.services.stepfunctions.shapes import size
from penstock.local.services.stepfunctions.task import MOST_BYTES

_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")  # RFC 3339, capital T and Z


def within_quota(value: Any) -> bool:
    """Is a value small enough to be a state's output? moto counts spaces that are not there."""
    return size(value) <= MOST_BYTES


def names_error(declaration: Any, env: Any) -> None:
    """Push whether a Retry or a Catch deals with the error on the stack, as `failures.matches` has it."""
    error = env.stack.pop()
    names = [name.error_name for name in declaration.error_names]
    env.stack.append(failures.matches(names, error.error_name if error is not None else None))


def with_array(select: Any) -> Any:
    """Fail where an ItemsPath leads to no array, with the error of a path."""

    @functools.wraps(select)
    def selecting(items_path: Any, env: Any) -> None:
        select(items_path, env)
        if not isinstance(env.stack[-1], list):
            path = items_path.string_sampler.literal_value
            raise failures.state_failed(env, failures.RUNTIME, f'Reference path "{path}" must point to array.')

    return selecting


def with_path(evaluate: Any) -> Any:
    """Name the error of a path in Parameters that finds nothing."""

    @functools.wraps(evaluate)
    def evaluating(binding: Any, env: Any) -> Any:
        try:
            return evaluate(binding, env)
        except NoSuchJsonPathError as error:
            cause = str(error).replace("' could not", f"' specified for the field '{binding.field}.$' could not", 1)
            raise failures.state_failed(env, "States.ParameterPathFailure", cause) from error

    return evaluating


def call_function(expression: Any, env: Any) -> None:
    """Push the value of an intrinsic function, and name the error of one that fails."""
    try:
        expression.function.eval(env)
    except (FailureEventException, NoSuchJsonPathError):
        raise
    except Exception as error:
        raise failures.state_failed(env, "States.IntrinsicFailure", str(error)) from error


def with_result(apply: Any) -> Any:
    """Fail where a ResultPath cannot be applied: moto goes on without the result."""

    @functools.wraps(apply)
    def applying(path: Any, env: Any) -> None:
        given = env.states.get_input()
        apply(path, env)
        if path.result_path_src not in {None, "$"}:
            try:
                extract(path.result_path_src, env.stack[-1])
            except NoSuchJsonPathError as error:
                shown = json.dumps(given, ensure_ascii=False)
                cause = f"Unable to apply ReferencePath {path.result_path_src} to input {shown}"
                raise failures.state_failed(env, "States.ResultPathMatchFailure", cause) from error

    return applying


def assign(declaration: Any, env: Any) -> None:
    """Evaluate what a state assigns, within the limits of its size: it is assigned when the state is left.

    moto assigns at once, and the state's Output would see it.
    """
    values: dict[str, Any] = {}
    for binding in declaration.declaration_bindings:
        binding.eval(env=env)
        values |= env.stack.pop()
    if sum(size(value) for value in values.values()) > MOST_BYTES:
        cause = f"The size of the variables {', '.join(sorted(values))} exceeds the limit of {MOST_BYTES} bytes."
        raise failures.state_failed(env, failures.RUNTIME, cause)
    env.variable_store.to_assign = values


def timestamp(text: Any) -> datetime | None:
    """Return the time that a text says, or None if it says none; moto's knows UTC only, and calls it local time."""
    if not isinstance(text, str) or not _TIMESTAMP.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return None


def seconds_until(wait: Any, env: Any) -> float:
    """Return how many seconds of the cloud there are until the Timestamp of a Wait."""
    wait.string.eval(env=env)
    text = env.stack.pop()
    moment = timestamp(text)
    if moment is None:
        raise FailureEventException(wait._create_failure_event(env, text))
    left: timedelta = moment - env.aws_execution_details.clock.now()
    return left.total_seconds()


def pause(_function: Any, env: Any, wait_seconds: float) -> None:
    """Wait that long in the cloud, or until the execution is over; moto rounds to seconds, and can so wait twice."""
    end = time.monotonic() + env.aws_execution_details.clock.real(wait_seconds)
    while env.is_running() and (left := end - time.monotonic()) > 0:
        env.program_state_event.wait(left)


def with_frame(open_frame: Any) -> Any:
    """Hand on what moto's frames lose: in which branch they are, and the item of a Map around them."""

    @functools.wraps(open_frame)
    def opening(env: Any, *args: Any, **kwargs: Any) -> Any:
        frame = open_frame(env, *args, **kwargs)
        frame.event_history_context.path = path_of(env.event_history_context)
        around = env.states.context_object.context_object_data
        if "Map" in around:
            frame.states.context_object.context_object_data["Map"] = around["Map"]
        return frame

    return opening


def with_following(describe: Any) -> Any:
    """Assign what a state that is left assigns, and say where the machine goes: a redrive may begin there."""

    @functools.wraps(describe)
    def describing(state: Any, env: Any) -> Any:
        store = env.variable_store
        for name, value in getattr(store, "to_assign", {}).items():
            store.set(variable_identifier=name, variable_value=value)
        store.to_assign = {}
        return {**describe(state, env), NEXT: env.next_state_name}

    return describing


def with_entered_time(enter: Any) -> Any:
    """Give the time at which a state was entered in the cloud's time."""

    @functools.wraps(enter)
    def entering(state: Any, env: Any) -> None:
        data = env.states.context_object.context_object_data["State"]
        data["EnteredTime"] = iso(env.aws_execution_details.clock.now())
        enter(state, env)

    return entering


def with_plain_timeout(set_up: Any) -> Any:
    """Leave a task with a HeartbeatSeconds and no TimeoutSeconds its time: moto gives it 60 seconds."""

    @functools.wraps(set_up)
    def setting(state: Any, state_props: Any) -> None:
        set_up(state, state_props)
        if state.timeout.is_default_value():
            state.timeout = type(state.timeout)(state.timeout.DEFAULT_TIMEOUT_SECONDS)

    return setting


def text_of(parser_rule_context: Any) -> str | None:
    """Return a string of the definition, read as JSON: moto leaves some escapes, and reads others as Python's."""
    text = parser_rule_context.getText()
    if text == "null":
        return None
    return str(json.loads(text)) if text.startswith('"') else str(text)


def retry(retrier: Any, env: Any) -> None:
    """Wait before a retry as a Wait does: moto sleeps on when the execution is stopped."""
    retrier.error_equals.eval(env)
    if not env.stack.pop():
        env.stack.append(RetrierOutcome.Skipped)
        return
    retrier.max_attempts.eval(env)
    if not env.stack.pop().value:
        env.stack.append(RetrierOutcome.Failed)
        return
    for part in (retrier.interval_seconds, retrier.backoff_rate, retrier.max_delay_seconds, retrier.jitter_strategy):
        part.eval(env)
    pause(retrier, env, env.stack.pop())
    env.stack.append(RetrierOutcome.Executed)


def for_good(set_state: Any) -> Any:
    """Leave the event set that says that it is over: moto pulses it, and a wait about to begin misses that."""

    @functools.wraps(set_state)
    def setting(env: Any, *args: Any, **kwargs: Any) -> None:
        set_state(env, *args, **kwargs)
        env.program_state_event.set()

    return setting
