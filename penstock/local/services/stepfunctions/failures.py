"""How a state fails in moto's interpreter: with an event of the history, and an error that Retry and Catch can name."""

from typing import Any

from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common.error_name.error_name import ErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent, FailureEventException

RUNTIME = "States.Runtime"
TASK_FAILED = "States.TaskFailed"
TIMEOUT = "States.Timeout"
HEARTBEAT_TIMEOUT = "States.HeartbeatTimeout"
DATA_LIMIT_EXCEEDED = "States.DataLimitExceeded"
QUERY_EVALUATION_ERROR = "States.QueryEvaluationError"
_ALL = "States.ALL"


class ChildError(FailureEventException):  # type: ignore[misc]
    """The failure of a branch or an iteration, which says where it happened already."""

    def get_execution_failed_event_details(self) -> Any:
        """Return the error and the cause as the branch has them."""
        return self.failure_event.event_details["executionFailedEventDetails"]


def task_failed(env: Any, error: str, cause: str, **where: str) -> FailureEvent:
    """Return the failure of a task; `where` is its resource and resourceType."""
    return _failure(env, error, "TaskFailed", {"error": error, "cause": cause, **where})


def task_timed_out(env: Any, error: str, **where: str) -> FailureEvent:
    """Return the failure of a task that took too long; `where` is its resource and resourceType."""
    return _failure(env, error, "TaskTimedOut", {"error": error, **where})


def state_failed(env: Any, error: str, cause: str) -> FailureEventException:
    """Return the exception that fails a state with this error."""
    return FailureEventException(_failure(env, error, "TaskFailed", {"error": error, "cause": cause}))


def evaluation_failed(env: Any, cause: str, location: str | None = None) -> FailureEventException:
    """Return the exception that fails the state whose expression could not be evaluated."""
    details = {"error": QUERY_EVALUATION_ERROR, "cause": cause, "state": env.next_state_name, "location": location}
    failure = _failure(env, QUERY_EVALUATION_ERROR, "EvaluationFailed", details)
    env.event_manager.add_event(
        context=env.event_history_context, event_type=failure.event_type, event_details=failure.event_details
    )
    return FailureEventException(failure)


def child_failed(env: Any, event: Any, details: dict[str, str]) -> ChildError:
    """Return the exception that fails the state whose branch or iteration failed with this error and cause."""
    return ChildError(
        FailureEvent(
            env=env,
            error_name=ErrorName(details.get("error")),
            event_type=event,
            event_details={"executionFailedEventDetails": details},
        )
    )


def fail(failure: FailureEvent) -> FailureEventException:
    """Return the exception that a failure is raised with."""
    return FailureEventException(failure)


def matches(names: list[str], error: str | None) -> bool:
    """Does a Retry or a Catch with these names deal with an error?

    Nothing deals with States.Runtime. States.DataLimitExceeded is dealt with by name only, and States.TaskFailed means
    any error but a time-out.
    """
    if error == RUNTIME:
        return False
    if error in names:
        return True
    if error == DATA_LIMIT_EXCEEDED:
        return False
    late = error in {TIMEOUT, HEARTBEAT_TIMEOUT}
    return _ALL in names or (TIMEOUT in names if late else TASK_FAILED in names)


def _failure(env: Any, error: str, event: str, details: dict[str, Any]) -> FailureEvent:
    key = f"{event[0].lower()}{event[1:]}EventDetails"
    given = {name: value for name, value in details.items() if value is not None}
    return FailureEvent(
        env=env, error_name=ErrorName(error), event_type=HistoryEventType[event], event_details={key: given}
    )
