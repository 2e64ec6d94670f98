from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from penstock.run import status
from penstock.run.approving import Request
from penstock.run.deployments import Approval, Deployments
from penstock.run.status import Status, status_of
from penstock.spec.pipeline import Pipeline

NOW = datetime(2026, 1, 1, 0, 10, tzinfo=UTC)
ARN = "arn:aws:states:us-east-1:1:execution:dev-p:3aa0e1c4"
REPORT = """\
dev-p · execution 3aa0e1c4 · FAILED at Train after 4 m 12 s

Cause   ResourceLimitExceeded: the limit is 0.
Do      redrive it."""
FAILED = Status(
    "p",
    execution="3aa0e1c4",
    status="FAILED",
    state="Train",
    seconds=252,
    cause="ResourceLimitExceeded: the limit is 0.",
    report=REPORT,
    arn=ARN,
    endpoint="dev-p",
    endpoint_status="InService",
    endpoint_config="dev-p-7c1f09ab",
    generation=4,
)


class Cloud:
    """Every client: one execution, and an endpoint."""

    def __init__(self, *events: dict[str, Any], endpoint: bool = True) -> None:
        self.events = list(events)
        self.endpoint = endpoint

    def __call__(self, _service: str) -> "Cloud":
        return self

    def get_paginator(self, _name: str) -> "Cloud":
        return self

    def paginate(self, **arguments: str) -> list[dict[str, Any]]:
        if "executionArn" in arguments:
            return [{"events": self.events}]
        if "stateMachineArn" in arguments:
            run = {"executionArn": ARN, "name": "3aa0e1c4", "startDate": NOW - timedelta(seconds=300)}
            return [{"executions": [run] if self.events else []}]
        return [{"stateMachines": [{"name": "dev-p", "stateMachineArn": "arn:machine"}]}]

    def get_object(self, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803
        assert (Bucket, Key) == ("b", "p/runs/3aa0e1c4/failure.txt")
        return {"Body": SimpleNamespace(read=REPORT.encode)}

    def describe_endpoint(self, **_arguments: str) -> dict[str, str]:
        if not self.endpoint:
            raise ClientError({"Error": {"Code": "V", "Message": "Could not find endpoint"}}, "DescribeEndpoint")
        return {"EndpointStatus": "InService", "EndpointConfigName": "dev-p-7c1f09ab"}


@pytest.fixture(autouse=True)
def cloud(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Deployments, "__init__", lambda *_: None)
    monkeypatch.setattr(Deployments, "running_owner", lambda *_: "")
    monkeypatch.setattr(status, "serving", lambda *_: 4)
    monkeypatch.setattr(status, "waiting", lambda *_: None)


@pytest.fixture
def pipeline() -> Pipeline:
    return Pipeline.model_construct(name="p", deploy=SimpleNamespace(kind="realtime"))


def test_a_failed_run_is_told_in_the_words_of_its_report() -> None:
    assert list(FAILED.lines()) == [
        "p · execution 3aa0e1c4 · FAILED at Train after 4 m 12 s · endpoint dev-p serving dev-p-7c1f09ab, generation 4",
        "  Cause   ResourceLimitExceeded: the limit is 0.",
        "  Do      redrive it.",
    ]


def test_before_it_is_reported_its_cause_is_told() -> None:
    assert list(replace(FAILED, report=None).lines())[1:] == [
        "  Cause   ResourceLimitExceeded: the limit is 0.",
        f"  Where   {ARN}",
    ]


def test_a_rejected_run_tells_why() -> None:
    rejected = Status(
        "p", "1", "SUCCEEDED", seconds=9.5, outcome="REJECTED", reasons=["rmse is 9.12345"], metrics={"rmse": 9.12345}
    )
    assert list(rejected.lines()) == [
        "p · execution 1 · REJECTED after 9.5 s",
        "  Reason  rmse is 9.123",
        "  Metrics rmse 9.123",
    ]


def test_who_waits_and_who_deploys_is_told() -> None:
    asked = {"execution": "1", "generation": 5, "asked": "2026"}
    one = Status("p", "1", "RUNNING", "Ask for approval", 9.5, lock="2", approval=asked, endpoint="dev-p")
    assert list(one.lines()) == [
        "p · execution 1 · RUNNING at Ask for approval for 9.5 s · no endpoint yet",
        "  Lock    run 2 deploys",
        "  Waits   generation 5, of run 1, for approval since 2026",
        "  Do      `penstock approve p --why TEXT`, or reject",
    ]


def test_it_is_put_together_from_what_the_cloud_says(event: Any, visit: Any, pipeline: Pipeline) -> None:
    cloud = Cloud(
        *visit("Prepare", 0, 1, folder='"s3://b/p/runs/3aa0e1c4"'),
        event("TaskStateEntered", 1, stateEnteredEventDetails={"name": "Train"}),
        event("ExecutionFailed", 2, executionFailedEventDetails={"error": "E", "cause": '{"FailureReason": "C"}'}),
    )
    found = status_of(cloud, pipeline, "dev", NOW)
    assert found == replace(FAILED, seconds=300.0, cause="E: C")


def test_a_pipeline_that_never_ran_has_nothing(pipeline: Pipeline) -> None:
    assert status_of(Cloud(), pipeline, "dev", NOW).execution is None
    assert status_of(Cloud(), pipeline, "prod", NOW) == Status("p")
    assert list(Status("p").lines()) == ["p · never run"]


def test_an_approval_and_no_endpoint_yet(event: Any, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    request = Request(Approval("t", ARN, "package", "2026"), {"generation": 5})
    monkeypatch.setattr(status, "waiting", lambda *_: request)
    entered = event("TaskStateEntered", 1, stateEnteredEventDetails={"name": "Ask for approval"})
    found = status_of(Cloud(entered, endpoint=False), pipeline, "dev", NOW)
    assert found.approval == {"execution": "3aa0e1c4", "generation": 5, "asked": "2026"}
    assert (found.status, found.state, found.endpoint_status) == ("RUNNING", "Ask for approval", None)


def test_a_batch_pipeline_has_no_endpoint(event: Any) -> None:
    batch = Pipeline.model_construct(name="p", deploy=SimpleNamespace(kind="batch"))
    assert status_of(Cloud(event("ExecutionSucceeded", 1)), batch, "dev", NOW).endpoint is None
