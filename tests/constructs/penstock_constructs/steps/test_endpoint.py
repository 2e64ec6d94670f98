import re
from collections.abc import Callable
from typing import Any

import botocore.session
import pytest

from penstock_constructs.steps.endpoint import deploy_endpoint
from penstock_constructs.steps.rollout import Rollout
from penstock_constructs.steps.step import Machine, State, Step

Evaluate = Callable[..., Any]

CHANGING = ["Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting"]


@pytest.fixture
def step(machine: Machine, thing: Any) -> Step:
    return deploy_endpoint(
        machine=machine,
        rollout=Rollout("canary", 10, 300),
        alarms=[thing, thing],
        scaled=False,
        poll_seconds="15",
        then="Smoke test",
    )


@pytest.fixture
def decide(step: Step, evaluate: Evaluate) -> Callable[..., str]:
    """Return the state that a Choice leads to."""

    def run(name: str, **variables: Any) -> str:
        state: State = step.states[name]
        chosen = [choice["Next"] for choice in state["Choices"] if evaluate(choice["Condition"], **variables)]
        return str(chosen[0] if chosen else state["Default"])

    return run


@pytest.mark.parametrize(
    ("status", "serving", "deployed", "then"),
    [
        *((status, "old", deployed, "Wait for endpoint") for status in CHANGING for deployed in (False, True)),
        ("InService", "old", False, "Update endpoint"),
        ("OutOfService", "old", False, "Update endpoint"),
        ("UpdateRollbackFailed", "old", False, "Update endpoint"),
        ("InService", "new", False, "Smoke test"),  # an answer was lost: the update had been accepted
        ("InService", "new", True, "Smoke test"),
        ("InService", "old", True, "Rolled back"),
        ("OutOfService", "new", True, "Endpoint failed"),
        ("UpdateRollbackFailed", "new", True, "Endpoint failed"),
        ("Failed", "new", True, "Endpoint failed"),
        ("Failed", "old", False, "Delete endpoint"),
        ("SomethingNew", "old", False, "Endpoint failed"),
    ],
)
def test_the_status_decides(
    decide: Callable[..., str], status: str, serving: str, then: str, *, deployed: bool
) -> None:
    variables = {"status": status, "serving": serving, "config": "new", "deployed": deployed, "instances": 0}
    assert decide("Check endpoint", **variables, champion={"config": "old"}, known=False) == then


@pytest.mark.parametrize(
    ("champion", "known", "then"),
    [
        ({"config": "older"}, False, "Champion changed"),
        ({}, False, "Champion changed"),
        ({"config": "older"}, True, "Update endpoint"),
    ],
    ids=["another", "none", "a model that is known is not compared"],
)
def test_a_model_does_not_replace_what_it_was_not_held_against(
    decide: Callable[..., str], champion: dict[str, str], then: str, *, known: bool
) -> None:
    variables = {"status": "InService", "serving": "old", "config": "new", "deployed": False, "instances": 1}
    assert decide("Check endpoint", **variables, champion=champion, known=known) == then


@pytest.mark.parametrize(("champion", "words"), [({"config": "older"}, "older"), ({}, "nothing")])
def test_what_serves_and_what_the_model_was_held_against_are_named(
    evaluate: Evaluate, step: Step, champion: dict[str, str], words: str
) -> None:
    cause = evaluate(step.states["Champion changed"]["Cause"], config="new", serving="old", champion=champion)
    assert cause == f"Endpoint dev-bigmart serves old, and new was held against {words}. Nothing was changed."


def test_every_status_that_aws_has_is_one_that_is_known(step: Step) -> None:
    model = botocore.session.get_session().get_service_model("sagemaker")
    statuses = set(model.shape_for("EndpointStatus").enum)
    conditions = " ".join(choice["Condition"] for choice in step.states["Check endpoint"]["Choices"])
    assert statuses == set(re.findall(r"'(\w+)'", conditions))


def test_a_failed_endpoint_that_may_still_serve_is_not_deleted(decide: Callable[..., str]) -> None:
    variables = {"status": "Failed", "serving": "old", "config": "new", "deployed": False, "instances": 1}
    assert decide("Check endpoint", **variables, champion={}, known=False) == "Endpoint failed"


@pytest.mark.parametrize(
    ("result", "instances"),
    [
        ({}, 0),
        ({"ProductionVariants": [{"VariantName": "main"}]}, 0),
        ({"ProductionVariants": [{"CurrentInstanceCount": 2}, {"CurrentInstanceCount": 1}]}, 3),
    ],
)
def test_instances_are_counted(evaluate: Evaluate, step: Step, result: dict[str, Any], instances: int) -> None:
    expression = step.states["Describe endpoint"]["Assign"]["instances"]
    assert evaluate(expression, states={"result": result}) == instances


@pytest.mark.parametrize("names", [["main"], ["main", "challenger"]])
def test_the_variants_that_serve_are_known_by_name(evaluate: Evaluate, step: Step, names: list[str]) -> None:
    result = {"ProductionVariants": [{"VariantName": name} for name in names]}
    assert evaluate(step.states["Describe endpoint"]["Assign"]["variants"], states={"result": result}) == names


@pytest.mark.parametrize(
    ("state", "cause", "deployed", "then"),
    [
        ("Describe endpoint error", 'Could not find endpoint "arn:…".', False, "Create endpoint"),
        ("Describe endpoint error", 'Could not find endpoint "arn:…".', True, "Describe endpoint again"),
        ("Describe endpoint error", "Rate exceeded", False, "Describe endpoint again"),
        ("Create endpoint error", 'Cannot create already existing endpoint "arn:…".', False, "Describe endpoint"),
        ("Create endpoint error", "User is not authorized", False, "Create endpoint again"),
        ("Update endpoint error", 'Cannot update in-progress endpoint "arn:…".', False, "Wait for endpoint"),
        ("Update endpoint error", "User is not authorized", False, "Update endpoint again"),
        ("Delete endpoint error", 'Could not find endpoint "arn:…".', False, "Wait for endpoint"),
        ("Delete endpoint error", "User is not authorized", False, "Delete endpoint again"),
    ],
)
def test_what_a_lost_answer_leaves_behind_is_recognised(
    decide: Callable[..., str], state: str, cause: str, then: str, *, deployed: bool
) -> None:
    assert decide(state, cause=cause, deployed=deployed, tries=4) == then


@pytest.mark.parametrize("state", ["Create endpoint", "Update endpoint"])
def test_after_a_change_the_endpoint_is_waited_for(step: Step, state: str) -> None:
    assert step.states[state]["Assign"] == {"deployed": True, "tries": 0}
    assert step.states[state]["Next"] == "Wait for endpoint"
    assert step.states["Wait for endpoint"]["Next"] == "Describe endpoint"


@pytest.mark.parametrize(("status", "former"), [("InService", "old"), ("OutOfService", "")])
def test_what_served_before_an_update_is_remembered(step: Step, evaluate: Evaluate, status: str, former: str) -> None:
    (choice,) = [item for item in step.states["Check endpoint"]["Choices"] if item["Next"] == "Update endpoint"]
    assert evaluate(choice["Assign"]["former"], status=status, serving="old") == former


@pytest.mark.parametrize(
    ("result", "before", "deployed"),
    [
        ({"EndpointConfigName": "old"}, False, False),
        ({"EndpointConfigName": "old"}, True, True),
        ({"EndpointConfigName": "new"}, False, True),
        ({"EndpointConfigName": "old", "PendingDeploymentSummary": {"EndpointConfigName": "new"}}, False, True),
        ({"EndpointConfigName": "old", "PendingDeploymentSummary": {"EndpointConfigName": "other"}}, False, False),
    ],
)
def test_a_deployment_whose_answer_was_lost_is_recognised(
    evaluate: Evaluate, step: Step, result: dict[str, Any], *, before: bool, deployed: bool
) -> None:
    expression = step.states["Describe endpoint"]["Assign"]["deployed"]
    assert evaluate(expression, states={"result": result}, deployed=before, config="new") is deployed


def test_nothing_served_before_a_creation(step: Step) -> None:
    choice = step.states["Describe endpoint error"]["Choices"][0]
    assert (choice["Next"], choice["Assign"]) == ("Create endpoint", {"tries": 0, "former": "{% '' %}"})


def test_a_rollback_names_both_configs(evaluate: Evaluate, step: Step) -> None:
    cause = evaluate(step.states["Rolled back"]["Cause"], config="new", serving="old", reason="no answer to /ping")
    assert cause == "Endpoint dev-bigmart did not take new and serves old, as before: no answer to /ping"


def test_creating_and_updating_are_allowed_on_the_endpoint_and_its_configs(step: Step) -> None:
    (deploy,) = [item for item in step.statements if item["Sid"] == "EndpointDeploy"]
    assert [resource["Fn::Sub"].rpartition(":")[2] for resource in deploy["Resource"]] == [
        "endpoint/dev-bigmart",
        "endpoint-config/dev-bigmart-????????",
        "endpoint-config/dev-bigmart-????????-*",
    ]


def test_the_alarms_are_watched_by_name(step: Step, evaluate: Evaluate) -> None:
    update, variables = step.states["Update endpoint"]["Arguments"], {"variants": ["main"], "serves_as": "main"}
    deployment = evaluate(update, known=False, config="new", **variables)["DeploymentConfig"]
    alarms = deployment["AutoRollbackConfiguration"]["Alarms"]
    assert [step.substitutions[alarm["AlarmName"][2:-1]] for alarm in alarms] == ["thing", "thing"]


def test_looking_at_the_alarms_is_allowed(step: Step) -> None:
    """SageMaker looks at them in the name of who updates."""
    assert [item["Action"] for item in step.statements if item["Sid"] == "EndpointAlarms"] == [
        "cloudwatch:DescribeAlarms"
    ]
