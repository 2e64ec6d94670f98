import json
from typing import Any

import pytest

from hooks.reports import Failure, describe_service, read_failure, write_report

EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:dev-bigmart:run-1"
DETAIL = {
    "executionArn": EXECUTION,
    "stateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:dev-bigmart",
    "status": "FAILED",
}
SERVED = "Endpoint dev-bigmart is in service, with dev-bigmart-5d02c1e9."


def _failed(error: str, cause: str) -> list[dict[str, Any]]:
    return [
        {"type": "ExecutionFailed", "executionFailedEventDetails": {"error": error, "cause": cause}},
        {"type": "TaskFailed", "taskFailedEventDetails": {"error": "other", "cause": "other"}},
        {"type": "TaskStateEntered", "stateEnteredEventDetails": {"name": "Train"}},
        {"type": "TaskStateEntered", "stateEnteredEventDetails": {"name": "Prepare"}},
    ]


def _failure(status: str = "FAILED", state: str = "Train", error: str = "", cause: str = "") -> Failure:
    return Failure(EXECUTION, "dev-bigmart", status, state, error, cause)


def test_a_failure_is_read_from_the_end_of_the_history() -> None:
    assert read_failure(DETAIL, _failed("E", "why")) == _failure(error="E", cause="why")


@pytest.mark.parametrize(
    "cause",
    [
        json.dumps({"errorType": "InvalidInput", "errorMessage": "what is wrong", "stackTrace": ["…"]}),
        json.dumps({"TrainingJobName": "dev-bigmart-7c1f09ab", "FailureReason": "what is wrong"}),
        "what is wrong",
    ],
    ids=["hook", "job", "text"],
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
    assert failure == _failure(status="TIMED_OUT", state="Wait for endpoint")


def test_what_failed_before_any_state_failed_at_its_start() -> None:
    assert read_failure(DETAIL, []).state == "its start"


@pytest.mark.parametrize(
    ("description", "words"),
    [
        (None, "There is no endpoint dev-bigmart yet."),
        ({"EndpointStatus": "InService", "EndpointConfigName": "dev-bigmart-5d02c1e9"}, SERVED),
        (
            {"EndpointStatus": "Failed", "EndpointConfigName": "c", "FailureReason": "no answer to /ping"},
            "Endpoint dev-bigmart is Failed, with c: no answer to /ping.",
        ),
        (
            {"EndpointStatus": "SystemUpdating", "EndpointConfigName": "c"},
            "Endpoint dev-bigmart is being brought back (SystemUpdating), with c.",
        ),
    ],
)
def test_the_endpoint_is_described(description: dict[str, str] | None, words: str) -> None:
    assert describe_service("dev-bigmart", description) == words


def test_a_report_says_what_happened_what_it_means_and_what_to_do() -> None:
    subject, message = write_report(_failure(error="E", cause="why"), SERVED)
    assert subject == "dev-bigmart FAILED at Train"
    assert message.splitlines() == [
        "dev-bigmart · execution run-1 · FAILED at Train",
        "",
        "Cause  E: why",
        f"Means  {SERVED}",
        "Do     mend what the cause says; deploy, then start another execution.",
        f"Where  {EXECUTION}",
    ]


@pytest.mark.parametrize(
    ("failure", "remedy"),
    [
        (_failure(error="InvalidInput"), "correct the input or the data as the cause says."),
        (_failure(error="SmokeTestFailed"), "compare with the smoke file."),
        (_failure(error="EndpointRolledBack"), "find in the endpoint's log why the new instances did not serve"),
        (_failure(error="EndpointFailed"), "find in the endpoint's log why it does not serve"),
        (
            _failure(error="SageMaker.ResourceLimitExceededException"),
            "ask for a higher limit (Service Quotas), then redrive",
        ),
        (_failure(cause="User: x is not authorized to perform: sagemaker:CreateModel"), "grant what the cause names"),
        (_failure(cause="Rate exceeded"), "AWS was busy: redrive it"),
        (_failure(cause="CapacityError: Unable to provision"), "AWS has no such instance free: redrive it"),
        (_failure(cause="InternalServerError: sorry"), "AWS failed: redrive it"),
        (_failure(error="SageMaker.SdkClientException"), "AWS could not be reached: redrive it"),
        (_failure(cause='{"SecondaryStatus": "MaxRuntimeExceeded"}'), "raise train.max_runtime_minutes"),
        (_failure(cause="training job j was stopped"), "somebody stopped the job. If that was a mistake, redrive it"),
        (_failure(cause="training job j was stopped (MaxRuntimeExceeded)"), "raise train.max_runtime_minutes"),
        (_failure(error="LocalCloud.Ended"), "redrive it: it continues at Train."),
        (_failure(error="States.TaskFailed", cause="AlgorithmError"), "find out why in the job's log"),
        (_failure(status="TIMED_OUT", error="States.Timeout"), "find out what took so long"),
        (_failure(status="ABORTED"), "somebody stopped it."),
    ],
)
def test_there_is_something_to_do_for_each_kind_of_failure(failure: Failure, remedy: str) -> None:
    _, message = write_report(failure, SERVED)
    assert f"Do     {remedy}" in message


@pytest.mark.parametrize(
    "failure", [_failure(status="TIMED_OUT"), _failure(cause="MaxRuntimeExceeded"), _failure(error="Other")]
)
def test_no_redrive_is_offered_where_the_definition_has_to_change(failure: Failure) -> None:
    _, message = write_report(failure, SERVED)
    assert "deploy, then start another execution." in message
    assert "redrive" not in message


def test_the_subject_is_one_that_sns_takes() -> None:
    subject, _ = write_report(_failure(state="a state with a long name " * 9), SERVED)
    assert len(subject) < 100
    assert subject.isascii()


def test_without_a_cause_the_report_says_so() -> None:
    _, message = write_report(_failure(), SERVED)
    assert "Cause  none was given" in message
