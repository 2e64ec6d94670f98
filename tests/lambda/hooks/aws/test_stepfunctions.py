from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from botocore.stub import Stubber

from hooks.aws import stepfunctions

Stub = Callable[[str], Stubber]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ARN = "arn:aws:states:us-east-1:123456789012:"


def _machine(name: str) -> dict[str, Any]:
    return {"stateMachineArn": f"{ARN}stateMachine:{name}", "name": name, "creationDate": NOW}


def test_definitions_are_those_of_the_environment(stub: Stub) -> None:
    client = stub("stepfunctions")
    machines = [_machine("dev-bigmart") | {"type": "STANDARD"}, _machine("prod-bigmart") | {"type": "STANDARD"}]
    client.add_response("list_state_machines", {"stateMachines": machines})
    described = _machine("dev-bigmart") | {"definition": "{}", "roleArn": "arn:role", "type": "STANDARD"}
    client.add_response("describe_state_machine", described, {"stateMachineArn": f"{ARN}stateMachine:dev-bigmart"})
    assert stepfunctions.definitions("dev-") == ["{}"]


def test_an_execution_s_status_is_known(stub: Stub) -> None:
    execution = f"{ARN}execution:dev-bigmart:one"
    described = {"executionArn": execution, "stateMachineArn": "arn", "status": "FAILED", "startDate": NOW}
    stub("stepfunctions").add_response("describe_execution", described, {"executionArn": execution})
    assert stepfunctions.status(execution) == "FAILED"
