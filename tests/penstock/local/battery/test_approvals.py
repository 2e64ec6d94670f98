"""A person approves or rejects a model, or nobody does."""

from collections.abc import Iterator
from typing import Any

import pytest

from battery.project import ENDPOINT
from battery.world import World

_SPEED = 600
pytestmark = pytest.mark.battery


@pytest.fixture(scope="module")
def asked(make_world: Any) -> Iterator[World]:
    """A cloud in which somebody is asked before a model is deployed, and has an hour, which is 6 s here."""
    changes = {"approval": "manual", "approval_timeout_hours": 1, "timeout_minutes": 90}
    with make_world(changes, _SPEED) as world:
        yield world


def package(world: World, generation: int) -> tuple[str, str]:
    arn = f"arn:aws:sagemaker:us-east-1:123456789012:model-package/{ENDPOINT}/{generation}"
    described = world.client("sagemaker").describe_model_package(ModelPackageName=arn)
    return described["ModelApprovalStatus"], described["ApprovalDescription"]


def test_what_is_approved_is_deployed(asked: World) -> None:
    arn = asked.start()
    assert asked.mail.wait_for("penstock approve tiny")
    asked.answer(arn, approved=True)
    ended = asked.wait(arn)
    assert (ended.status, ended.outcome) == ("SUCCEEDED", "DEPLOYED"), ended
    assert package(asked, ended.output["generation"]) == ("Approved", "It is Friday.")
    assert "approval" not in asked.lock()


def test_what_is_rejected_is_not_deployed(asked: World) -> None:
    before = asked.settle()
    arn = asked.start()
    asked.answer(arn, approved=False)
    ended = asked.wait(arn)
    assert (ended.status, ended.outcome) == ("SUCCEEDED", "REJECTED"), ended
    assert ended.output["reasons"] == ["not approved: It is Friday."]
    assert "Create model" not in ended.states
    assert package(asked, ended.output["generation"])[0] == "Rejected"
    after = asked.settle()
    assert (before or {}).get("EndpointConfigName") == (after or {}).get("EndpointConfigName")


def test_what_nobody_answers_is_rejected(asked: World) -> None:
    arn = asked.start()
    given = asked.token(arn)
    ended = asked.wait(arn)
    assert (ended.status, ended.outcome) == ("SUCCEEDED", "REJECTED"), ended
    assert ended.output["reasons"] == ["not approved: nobody answered within 1 hour"]
    states = asked.client("stepfunctions")
    with pytest.raises(states.exceptions.TaskTimedOut):
        states.send_task_success(taskToken=given, output="{}")
