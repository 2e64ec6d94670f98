import json
from typing import Any

import pytest

from penstock.errors import DeployError
from penstock.local.deploy.resources.stepfunctions import substituted

ROLE = "arn:aws:iam::123456789012:role/workflow"
DEFINITION = '{"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": "{% ${PollSeconds} %}", "End": true}}}'
LOGS = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/vendedlogs/states/dev:*"


def machine(definition: str = DEFINITION, **properties: Any) -> dict[str, Any]:
    required = {
        "DefinitionString": definition,
        "DefinitionSubstitutions": {"PollSeconds": 15},
        "RoleArn": ROLE,
        "StateMachineName": "dev-bigmart",
    }
    return {"Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": required | properties}}


FULL: dict[str, Any] = {
    "LoggingConfiguration": {
        "Destinations": [{"CloudWatchLogsLogGroup": {"LogGroupArn": LOGS}}],
        "IncludeExecutionData": False,
        "Level": "ALL",
    },
    "TracingConfiguration": {"Enabled": True},
}


@pytest.fixture(autouse=True)
def role(account: Any) -> None:
    account.client("iam").create_role(RoleName="workflow", AssumeRolePolicyDocument="{}")


def described(account: Any) -> dict[str, Any]:
    [found] = account.client("stepfunctions").list_state_machines()["stateMachines"]
    return dict(account.client("stepfunctions").describe_state_machine(stateMachineArn=found["stateMachineArn"]))


def test_every_property_of_a_state_machine_is_applied(account: Any) -> None:
    stack = account.deploy(machine(**FULL), Outputs={"Arn": {"Value": {"Ref": "Machine"}}})
    found = described(account)
    assert (found["name"], found["stateMachineArn"]) == ("dev-bigmart", stack.outputs["Arn"])
    assert json.loads(found["definition"])["States"]["A"]["Seconds"] == "{% 15 %}"
    assert found["roleArn"] == ROLE
    assert found["tracingConfiguration"] == {"enabled": True}
    destination = {"cloudWatchLogsLogGroup": {"logGroupArn": LOGS}}
    logging = {"destinations": [destination], "includeExecutionData": False, "level": "ALL"}
    assert found["loggingConfiguration"] == logging


def test_a_changed_definition_is_updated_in_place(account: Any) -> None:
    account.deploy(machine(**FULL))
    account.deploy(machine(DEFINITION.replace("Wait", "Pass"), **FULL))
    assert account.mutations == ["stepfunctions:UpdateStateMachine"]
    assert json.loads(described(account)["definition"])["States"]["A"]["Type"] == "Pass"


def test_logging_and_tracing_are_switched_off_when_they_are_taken_away(account: Any) -> None:
    account.deploy(machine(**FULL))
    account.deploy(machine())
    found = described(account)
    assert (found["loggingConfiguration"]["level"], found["tracingConfiguration"]["enabled"]) == ("OFF", False)


def test_a_placeholder_without_a_substitution_is_refused(account: Any) -> None:
    with pytest.raises(DeployError, match=r"Resources\.Machine: .*\$\{Endpoint\}"):
        account.deploy(machine('{"StartAt": "${Endpoint}"}'))


def test_substitutions_are_put_in_as_text() -> None:
    definition = '{"a": "${Name}", "b": "{% ${Seconds} %}", "c": "{% $count %}", "d": ${Flag}}'
    values = {"Name": "dev", "Seconds": "15", "Flag": True}
    assert substituted(definition, values) == '{"a": "dev", "b": "{% 15 %}", "c": "{% $count %}", "d": true}'


def test_a_definition_may_be_an_object(account: Any) -> None:
    properties = {"Definition": {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}, "RoleArn": ROLE}
    account.deploy({"Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}})
    assert json.loads(described(account)["definition"])["StartAt"] == "A"


def test_a_machine_without_a_definition_is_refused(account: Any) -> None:
    properties = {"RoleArn": ROLE, "StateMachineType": "EXPRESS"}
    with pytest.raises(DeployError, match="it takes either DefinitionString or Definition"):
        account.deploy({"Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}})
