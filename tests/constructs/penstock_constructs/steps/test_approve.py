from collections.abc import Callable
from typing import Any

import pytest

from penstock_constructs.steps.approve import approve
from penstock_constructs.steps.step import Machine, Step

Evaluate = Callable[..., Any]
PACKAGE = "arn:aws:sagemaker:us-east-1:123456789012:model-package/dev-bigmart/5"


@pytest.fixture
def step(machine: Machine, thing: Any) -> Step:
    return approve(machine=machine, hook=thing, timeout_hours=72, then="Create model", rejected="Release lock")


def test_the_hook_is_given_the_token_that_the_answer_takes(step: Step) -> None:
    state = step.states["Ask for approval"]
    assert state["Resource"].endswith(":lambda:invoke.waitForTaskToken")
    assert state["Arguments"]["Payload"]["token"] == "{% $states.context.Task.Token %}"
    assert state["TimeoutSeconds"] == 72 * 3600


@pytest.mark.parametrize(
    ("answer", "approved", "why"),
    [
        ({"approved": True, "why": "it is good", "by": "arn:aws:iam::123456789012:user/ada"}, True, "it is good"),
        ({"approved": False, "why": "it is odd"}, False, "it is odd"),
        ({"approved": True, "why": "two\nlines, é"}, True, "two lines, é"),
        ({"approved": True, "why": "w" * 2000}, True, "w" * 1024),
        ({"approved": False, "why": 5}, False, "5"),
        ({"approved": "yes"}, False, "no reason was given"),
        ({}, False, "no reason was given"),
    ],
)
def test_only_a_clear_yes_approves(
    step: Step, evaluate: Evaluate, answer: dict[str, Any], why: str, *, approved: bool
) -> None:
    assigned = step.states["Ask for approval"]["Assign"]
    assert evaluate(assigned["approved"], states={"result": answer}) is approved
    assert evaluate(assigned["why"], states={"result": answer}) == why


def test_no_answer_is_a_no(step: Step) -> None:
    (catch,) = step.states["Ask for approval"]["Catch"]
    assert catch["ErrorEquals"] == ["States.Timeout"]
    assert catch["Assign"] == {"approved": False, "why": "nobody answered within 72 hours"}
    assert catch["Next"] == "Record approval"


@pytest.mark.parametrize(("approved", "status"), [(True, "Approved"), (False, "Rejected")])
def test_the_answer_is_recorded_in_the_package(
    step: Step, request_of: Callable[..., Any], status: str, *, approved: bool
) -> None:
    state = step.states["Record approval"]
    request = request_of(state, package=PACKAGE, approved=approved, why="it is odd")
    assert (request["ModelPackageArn"], request["ModelApprovalStatus"]) == (PACKAGE, status)
    assert request["ApprovalDescription"] == "it is odd"


@pytest.mark.parametrize(("approved", "then"), [(True, "Create model"), (False, "Release lock")])
def test_only_what_is_approved_goes_on(step: Step, evaluate: Evaluate, then: str, *, approved: bool) -> None:
    state = step.states["Approved"]
    (choice,) = state["Choices"]
    assert (choice["Next"] if evaluate(choice["Condition"], approved=approved) else state["Default"]) == then


def test_a_rejection_is_an_outcome_with_its_reason(step: Step, evaluate: Evaluate) -> None:
    (choice,) = step.states["Approved"]["Choices"]
    assert choice["Assign"]["outcome"] == "REJECTED"
    assert evaluate(choice["Assign"]["reasons"][0], why="it is odd") == "not approved: it is odd"
