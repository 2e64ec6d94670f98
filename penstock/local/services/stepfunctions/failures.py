"""How a state fails in moto's interpreter: with an event of the history, and an error that Retry and Catch can name."""

from typing import Any

from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import CustomErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent, FailureEventException
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName

RUNTIME = "States.Runtime"
TASK_FAILED = "States.TaskFailed"
QUERY_EVALUATION_ERROR = "States.QueryEvaluationError"
_STATES = "States."


def task_failed(env: Any, error: str, cause: str, **where: str) -> FailureEvent:
    """Return the failure of a task; `where` is its resource and resourceType."""
    return _failure(env, error, "TaskFailed", {"error": error, "cause": cause, **where})


def evaluation_failed(env: Any, cause: str) -> FailureEventException:
    """Return the exception that fails the state whose expression could not be evaluated."""
    details = {"error": QUERY_EVALUATION_ERROR, "cause": cause, "state": env.next_state_name}
    failure = _failure(env, QUERY_EVALUATION_ERROR, "EvaluationFailed", details)
    env.event_manager.add_event(
        context=env.event_history_context, event_type=failure.event_type, event_details=failure.event_details
    )
    return FailureEventException(failure)


def fail(failure: FailureEvent) -> FailureEventException:
    """Return the exception that a failure is raised with."""
    return FailureEventException(failure)


def _failure(env: Any, error: str, event: str, details: dict[str, str]) -> FailureEvent:
    name = StatesErrorName.from_name(error) if error.startswith(_STATES) else CustomErrorName(error)
    key = f"{event[0].lower()}{event[1:]}EventDetails"
    return FailureEvent(env=env, error_name=name, event_type=HistoryEventType[event], event_details={key: details})
