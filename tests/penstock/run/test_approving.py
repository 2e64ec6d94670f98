import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from penstock.errors import RunError
from penstock.run import approving
from penstock.run.deployments import Approval, Deployment, Deployments

ARN = "arn:aws:states:us-east-1:1:execution:dev-p:7c1f09ab"
APPROVAL = Approval("the token", ARN, "arn:package/5", "2026-01-01")


class Cloud:
    """Clients of Step Functions and STS, for one execution."""

    def __init__(self, events: list[dict[str, Any]], refused: str = "") -> None:
        self.events = events
        self.refused = refused
        self.answers: list[tuple[str, Any]] = []

    def get_paginator(self, _name: str) -> "Cloud":
        return self

    def paginate(self, executionArn: str) -> list[dict[str, Any]]:  # noqa: N803
        assert executionArn == ARN
        return [{"events": self.events}]

    def get_caller_identity(self) -> dict[str, str]:
        return {"Arn": "arn:me"}

    def send_task_success(self, taskToken: str, output: str) -> None:  # noqa: N803
        if self.refused:
            raise ClientError({"Error": {"Code": self.refused, "Message": "no"}}, "SendTaskSuccess")
        self.answers.append((taskToken, json.loads(output)))


@pytest.fixture
def asking(event: Any, visit: Any, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The history of an execution that waits for approval."""
    monkeypatch.setattr(Deployments, "__init__", lambda *_: None)
    monkeypatch.setattr(Deployments, "of", lambda _self, endpoint: Deployment("", {"dev-p": APPROVAL}.get(endpoint)))
    judged = json.dumps({"challenger": {"metrics": {"rmse": 7.5}}, "comparison": None})
    return [
        *visit("Gate", 0, 1, generation="5", judged=judged, evaluation='"s3://b/p/runs/1/evaluation/"'),
        event("TaskStateEntered", 1, stateEnteredEventDetails={"name": "Ask for approval"}),
    ]


def client(cloud: Cloud) -> Callable[[str], Any]:
    return lambda _service: cloud


def test_what_waits_is_shown_with_what_is_known_of_it(asking: list[dict[str, Any]]) -> None:
    request = approving.pending(client(Cloud(asking)), "dev", "p")
    assert request.generation == 5
    assert list(request.lines()) == [
        "  Run     7c1f09ab, asked 2026-01-01",
        "  Model   rmse 7.500",
        "  Report  s3://b/p/runs/1/evaluation/report.html",
        "  Package arn:package/5",
    ]


@pytest.mark.parametrize("pipeline", ["p", "other"])
def test_nothing_waits_that_was_not_asked_or_is_answered(
    event: Any, asking: list[dict[str, Any]], pipeline: str
) -> None:
    left = event("TaskStateExited", 9, stateExitedEventDetails={"name": "Ask for approval", "output": "{}"})
    entered = event("TaskStateEntered", 9, stateEnteredEventDetails={"name": "Create model"})
    cloud = Cloud([*asking, left, entered])
    with pytest.raises(RunError, match=rf"^Nothing of {pipeline} waits for approval\. `penstock status {pipeline}`"):
        approving.pending(client(cloud), "dev", pipeline)


def test_an_answer_says_who_gave_it_and_why(asking: list[dict[str, Any]]) -> None:
    cloud = Cloud(asking)
    request = approving.pending(client(cloud), "dev", "p")
    assert approving.answer(client(cloud), request, approved=False, why="too wild") == "arn:me"
    assert cloud.answers == [("the token", {"approved": False, "why": "too wild", "by": "arn:me"})]


@pytest.mark.parametrize("code", ["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"])
def test_a_token_that_is_spent_is_said(asking: list[dict[str, Any]], code: str) -> None:
    cloud = Cloud(asking, refused=code)
    request = approving.pending(client(cloud), "dev", "p")
    with pytest.raises(RunError, match=r"^Run 7c1f09ab does not wait for an answer any more: "):
        approving.answer(client(cloud), request, approved=True, why="fine")


def test_a_denial_is_no_spent_token(asking: list[dict[str, Any]]) -> None:
    cloud = Cloud(asking, refused="AccessDeniedException")
    request = approving.pending(client(cloud), "dev", "p")
    with pytest.raises(ClientError, match="AccessDenied"):
        approving.answer(client(cloud), request, approved=True, why="fine")
