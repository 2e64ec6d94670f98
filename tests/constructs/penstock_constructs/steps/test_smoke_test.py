from collections.abc import Callable
from typing import Any

import pytest

from penstock_constructs.steps.endpoint import CHANGING
from penstock_constructs.steps.smoke_test import smoke_test
from penstock_constructs.steps.step import Machine, Step

Evaluate = Callable[..., Any]


@pytest.fixture
def step(machine: Machine, thing: Any) -> Step:
    return _step(machine, thing, asynchronous=False)


def _step(machine: Machine, thing: Any, *, asynchronous: bool) -> Step:
    return smoke_test(
        machine=machine,
        hook=thing,
        rows=["a,b", "1,2"],
        numbers=True,
        minimum=0,
        maximum=None,
        asynchronous=asynchronous,
        restore={"RetainAllVariantProperties": False},
        then="Tidy",
    )


@pytest.fixture
def decide(step: Step, evaluate: Evaluate) -> Callable[..., str]:
    """Return the state that a Choice leads to."""

    def run(name: str, **variables: Any) -> str:
        choice = step.states[name]["Choices"][0]
        return str(choice["Next"] if evaluate(choice["Condition"], **variables) else step.states[name]["Default"])

    return run


def test_the_hook_is_given_the_rows_and_their_bounds(step: Step) -> None:
    assert step.states["Smoke test"]["Arguments"]["Payload"] == {
        "endpoint": "dev-bigmart",
        "variant": "{% $serves_as = 'challenger' ? $serves_as : '' %}",
        "inbox": None,
        "run": "{% $run %}",
        "rows": ["a,b", "1,2"],
        "numbers": True,
        "minimum": 0,
        "maximum": None,
    }


def test_an_asynchronous_endpoint_is_asked_through_the_pipeline_s_own_folder(
    machine: Machine, thing: Any, evaluate: Evaluate
) -> None:
    payload = _step(machine, thing, asynchronous=True).states["Smoke test"]["Arguments"]["Payload"]
    for name in ("bigmart", "runs"):
        inbox = evaluate(payload["inbox"], folder=f"s3://bucket/{name}/runs/7c1f09ab")
        assert inbox == f"s3://bucket/{name}/async/input/"


def test_only_a_test_that_failed_is_caught(step: Step) -> None:
    (catch,) = step.states["Smoke test"]["Catch"]
    assert catch["ErrorEquals"] == ["SmokeTestFailed"]


@pytest.mark.parametrize(("former", "then"), [("old", "Restore endpoint"), ("", "Smoke test failed")])
def test_it_goes_back_to_what_served_before_if_anything_did(decide: Callable[..., str], former: str, then: str) -> None:
    assert decide("Smoke test error", former=former) == then


def test_the_restore_is_an_update_to_the_former_config(step: Step) -> None:
    arguments = step.states["Restore endpoint"]["Arguments"]
    assert (arguments["EndpointName"], arguments["EndpointConfigName"]) == ("dev-bigmart", "{% $former %}")
    assert arguments["RetainAllVariantProperties"] is False


def test_an_answer_to_the_restore_that_was_lost_is_recognised(decide: Callable[..., str]) -> None:
    cause = 'Cannot update in-progress endpoint "arn:…".'
    assert decide("Restore endpoint error", cause=cause) == "Wait for restore"


@pytest.mark.parametrize(
    ("status", "then"),
    [
        *((status, "Wait for restore") for status in CHANGING),
        *((status, "Smoke test failed") for status in ("InService", "Failed", "UpdateRollbackFailed", "SomethingNew")),
    ],
)
def test_the_restore_is_waited_for(decide: Callable[..., str], status: str, then: str) -> None:
    assert decide("Check restored endpoint", status=status) == then


@pytest.mark.parametrize(
    ("status", "serving", "former", "words"),
    [
        ("InService", "old", "old", "was put back: it serves old again, as before this run."),
        ("InService", "new", "", "serves new: there is no former config to go back to."),
        ("InService", "new", "old", "was to go back to old and serves new: no answer to /ping."),
        ("Failed", "new", "old", "was to go back to old and is Failed: no answer to /ping."),
    ],
)
def test_the_cause_is_the_hook_s_and_what_serves_now(
    step: Step, evaluate: Evaluate, status: str, serving: str, former: str, words: str
) -> None:
    variables = {"status": status, "serving": serving, "former": former, "reason": "no answer to /ping"}
    cause = evaluate(step.states["Smoke test failed"]["Cause"], smoke_cause="It is wrong.", **variables)
    assert cause == f"It is wrong. Endpoint dev-bigmart {words}"
