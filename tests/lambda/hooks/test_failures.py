import json
from typing import Any

import pytest

from hooks.failures import Failure, Log, read_failure

EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:dev-bigmart:run-1"
DETAIL = {
    "executionArn": EXECUTION,
    "stateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:dev-bigmart",
    "status": "FAILED",
}


def _failed(error: str, cause: str) -> list[dict[str, Any]]:
    return [
        {"type": "ExecutionFailed", "executionFailedEventDetails": {"error": error, "cause": cause}},
        {"type": "TaskFailed", "taskFailedEventDetails": {"error": "other", "cause": "other"}},
        {"type": "TaskStateEntered", "stateEnteredEventDetails": {"name": "Train"}},
        {"type": "TaskStateEntered", "stateEnteredEventDetails": {"name": "Prepare"}},
    ]


def _with_request(**request: str) -> list[dict[str, Any]]:
    scheduled = {"resourceType": "sagemaker", "resource": "create.sync", "parameters": json.dumps(request)}
    failed, *before = _failed("States.TaskFailed", "why")
    return [failed, {"type": "TaskScheduled", "taskScheduledEventDetails": scheduled}, *before]


def test_a_failure_is_read_from_the_end_of_the_history() -> None:
    assert read_failure(DETAIL, _failed("E", "why")) == Failure(EXECUTION, "dev-bigmart", "FAILED", "Train", "E", "why")


@pytest.mark.parametrize(
    "cause",
    [
        json.dumps({"errorType": "InvalidInput", "errorMessage": "what is wrong", "stackTrace": ["…"]}),
        json.dumps({"TrainingJobName": "dev-bigmart-7c1f09ab", "FailureReason": "what is wrong"}),
        json.dumps({"ProcessingJobName": "j", "FailureReason": "AlgorithmError", "ExitMessage": "what is wrong"}),
        "what is wrong",
    ],
    ids=["hook", "job", "job that says itself", "text"],
)
def test_the_message_is_taken_out_of_the_cause(cause: str) -> None:
    assert read_failure(DETAIL, _failed("E", cause)).cause == "what is wrong"


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ("Stopped", "training job j was stopped"),
        ("MaxRuntimeExceeded", "training job j was stopped (MaxRuntimeExceeded)"),
    ],
)
def test_a_job_without_a_reason_is_told_by_how_it_ended(detail: str, said: str) -> None:
    job = {"TrainingJobName": "j", "TrainingJobStatus": "Stopped", "SecondaryStatus": detail, "RoleArn": "r" * 3000}
    assert read_failure(DETAIL, _failed("States.TaskFailed", json.dumps(job))).cause == said


@pytest.mark.parametrize(("seconds", "why"), [(59, ""), (60, " (MaxRuntimeExceeded)")])
def test_a_processing_job_whose_time_was_over_is_told_by_its_times(seconds: int, why: str) -> None:
    job = {
        "ProcessingJobName": "j",
        "ProcessingJobStatus": "Stopped",
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
        "ProcessingStartTime": 1_795_226_536_939,
        "ProcessingEndTime": 1_795_226_536_939 + 1000 * seconds,
    }
    read = read_failure(DETAIL, _failed("States.TaskFailed", json.dumps(job)))
    assert read.cause == f"processing job j was stopped{why}"


def test_what_the_sdk_adds_is_left_out() -> None:
    cause = "It is busy. (Service: SageMaker; Status Code: 400; Error Code: Busy; Request ID: 1-2; Proxy: null)"
    assert read_failure(DETAIL, _failed("E", cause)).cause == "It is busy."


@pytest.mark.parametrize("cause", ['"text"', "[1]", "{}"])
def test_a_cause_with_no_message_in_it_is_left_as_it_is(cause: str) -> None:
    assert read_failure(DETAIL, _failed("E", cause)).cause == cause


def test_a_timeout_has_no_cause() -> None:
    events = [
        {"type": "ExecutionTimedOut", "executionTimedOutEventDetails": {}},
        {"type": "WaitStateEntered", "stateEnteredEventDetails": {"name": "Wait for endpoint"}},
    ]
    failure = read_failure(DETAIL | {"status": "TIMED_OUT"}, events)
    assert failure == Failure(EXECUTION, "dev-bigmart", "TIMED_OUT", "Wait for endpoint", "", "")


def test_what_failed_before_any_state_failed_at_its_start() -> None:
    assert read_failure(DETAIL, []).state == "its start"


def test_how_long_it_took_is_known_of_an_execution_that_ended() -> None:
    assert read_failure(DETAIL | {"startDate": 1_000, "stopDate": 253_000}, []).seconds == 252
    assert read_failure(DETAIL | {"startDate": 1_000, "stopDate": None}, []).seconds is None


@pytest.mark.parametrize(
    ("request_", "log"),
    [
        ({"TrainingJobName": "j"}, Log("/aws/sagemaker/TrainingJobs", "j/")),
        ({"ProcessingJobName": "j"}, Log("/aws/sagemaker/ProcessingJobs", "j/")),
        ({"TransformJobName": "j", "ModelName": "m"}, Log("/aws/sagemaker/TransformJobs", "j/")),
        ({"HyperParameterTuningJobName": "j"}, Log("/aws/sagemaker/TrainingJobs", "j-")),
        ({"ModelName": "m"}, None),
    ],
)
def test_the_log_is_that_of_the_job_that_the_state_started(request_: dict[str, str], log: Log | None) -> None:
    assert read_failure(DETAIL, _with_request(**request_)).log == log


def test_the_job_of_another_state_has_nothing_to_do_with_it() -> None:
    later = [{"type": "TaskStateEntered", "stateEnteredEventDetails": {"name": "Gate"}}]
    failed, *before = _with_request(TrainingJobName="j")
    assert read_failure(DETAIL, [failed, *later, *before]).log is None


@pytest.mark.parametrize("error", ["EndpointRolledBack", "EndpointFailed", "SmokeTestFailed"])
def test_what_the_endpoint_is_about_is_in_the_endpoint_s_log(error: str) -> None:
    assert read_failure(DETAIL, _failed(error, "why")).log == Log("/aws/sagemaker/Endpoints/dev-bigmart", "")
