import json
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError

from penstock.local.service import AwsError
from penstock.local.services.stepfunctions.definitions import check

SUCCEED = {"Type": "Succeed"}
MODELS = botocore.session.Session().get_service_model


def refusal_of(definition: str) -> str:
    with pytest.raises(AwsError) as raised:
        check(definition, MODELS)
    assert raised.value.code == "InvalidDefinition"
    return raised.value.message


def refusal(states: Any, **top: Any) -> str:
    return refusal_of(json.dumps({"QueryLanguage": "JSONata", "StartAt": next(iter(states)), "States": states, **top}))


@pytest.mark.parametrize(
    ("state", "where"),
    [
        ({"Type": "Pass", "Next": "Nowhere"}, "/States/First/Next"),
        ({"Type": "Choice", "Choices": [{"Condition": True, "Next": "Nowhere"}]}, "/States/First/Choices[0]/Next"),
        (
            {"Type": "Choice", "Choices": [{"Condition": True, "Next": "End"}], "Default": "Nowhere"},
            "/States/First/Default",
        ),
        (
            {
                "Type": "Task",
                "Resource": "arn:aws:states:::sns:publish",
                "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Nowhere"}],
                "Next": "End",
            },
            "/States/First/Catch[0]/Next",
        ),
    ],
)
def test_a_dangling_transition_is_refused(state: Any, where: str) -> None:
    assert f"MISSING_TRANSITION_TARGET: Missing 'Next' target: Nowhere at {where}" in refusal(
        {"First": state, "End": SUCCEED}
    )


def test_a_start_that_is_not_there_is_refused() -> None:
    assert "Missing 'Next' target: Nowhere at /StartAt" in refusal({"End": SUCCEED}, StartAt="Nowhere")


def test_an_unreachable_state_is_refused() -> None:
    assert 'State "Alone" is not reachable. at /States/Alone' in refusal({"End": SUCCEED, "Alone": SUCCEED})


def test_a_dangling_transition_in_a_branch_is_refused() -> None:
    branch = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Nowhere"}}}
    states = {"Both": {"Type": "Parallel", "Branches": [branch], "End": True}}
    assert "Nowhere at /States/Both/Branches[0]/States/A/Next" in refusal(states)


def test_a_state_without_next_or_end_is_refused() -> None:
    assert "One of the fields Next and End is required at /States/A" in refusal({"A": {"Type": "Pass"}})


def test_an_expression_with_a_syntax_error_is_refused() -> None:
    states = {"A": {"Type": "Pass", "Output": {"b": ["{% 1 + %}"]}, "End": True}}
    assert "Invalid JSONata expression. S0207: Unexpected end of expression at /States/A/Output/b[0]" in refusal(states)


@pytest.mark.parametrize(
    "resource",
    [
        "arn:aws:states:::aws-sdk:sagemaker:createNothing",
        "arn:aws:states:::aws-sdk:nothing:create",
        "arn:aws:states:::sagemaker:describeEndpoint",
        "arn:aws:states:::sagemaker:createModel.sync",
        "arn:aws:states:::aws-sdk:sagemaker:createTrainingJob.sync",
        "arn:aws:states:::dynamodb:getItem.waitForTaskToken",
    ],
)
def test_a_resource_that_there_is_not_is_refused(resource: str) -> None:
    assert "not recognized" in refusal({"A": {"Type": "Task", "Resource": resource, "End": True}})


def test_a_service_without_integration_is_refused_by_name() -> None:
    states = {"A": {"Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun.sync", "End": True}}
    assert "no integration with 'glue'" in refusal(states)


def test_an_argument_that_the_api_does_not_know_is_refused() -> None:
    state = {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Arguments": {"Topic": "x"}, "End": True}
    assert 'The field "Topic" is not supported by Step Functions at /States/A/Arguments' in refusal({"A": state})


def test_what_is_no_json_is_refused() -> None:
    assert "INVALID_JSON_DESCRIPTION" in refusal_of("{")


def test_what_is_no_state_machine_is_refused() -> None:
    assert "SCHEMA_VALIDATION_FAILED" in refusal_of('{"StartAt": "A"}')


def test_a_wrong_definition_makes_no_machine(sfn: Any) -> None:
    with pytest.raises(ClientError, match="InvalidDefinition"):
        sfn.client.create_state_machine(name="a", definition="{", roleArn=sfn.role)
    assert sfn.client.list_state_machines()["stateMachines"] == []


def test_a_wrong_definition_changes_no_machine(sfn: Any) -> None:
    machine = sfn.create({"End": SUCCEED})
    with pytest.raises(ClientError, match="InvalidDefinition"):
        sfn.client.update_state_machine(stateMachineArn=machine, definition="{}")
    assert '"End"' in sfn.client.describe_state_machine(stateMachineArn=machine)["definition"]


def test_an_intrinsic_function_that_is_none_is_refused() -> None:
    states = {"A": {"Type": "Pass", "Parameters": {"v.$": "States.Nothing(1)"}, "End": True}}
    assert "There is no intrinsic function States.Nothing." in refusal(states, QueryLanguage="JSONPath")


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"ToleratedFailureCount": 1}, "this one has ToleratedFailureCount at /States/A"),
        ({}, "this one has Mode DISTRIBUTED at /States/A"),
    ],
)
def test_what_only_a_distributed_map_has_is_refused_by_name(more: Any, named: str) -> None:
    config = {"ProcessorConfig": {"Mode": "INLINE" if more else "DISTRIBUTED", "ExecutionType": "STANDARD"}}
    if more:
        config["ProcessorConfig"].pop("ExecutionType")
    each = {**config, "StartAt": "B", "States": {"B": SUCCEED}}
    assert named in refusal({"A": {"Type": "Map", "ItemProcessor": each, "End": True, **more}})


def test_an_activity_is_refused_by_name() -> None:
    activity = "arn:aws:states:us-east-1:123456789012:activity:a"
    assert "has no activities" in refusal({"A": {"Type": "Task", "Resource": activity, "End": True}})


def test_a_parameter_that_the_api_does_not_know_is_refused() -> None:
    task = {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"Topic.$": "$"}, "End": True}
    assert 'The field "Topic.$" is not supported' in refusal({"A": task}, QueryLanguage="JSONPath")
