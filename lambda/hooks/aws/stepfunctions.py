"""Step Functions: what an execution has gone through."""

from typing import Any

from hooks.aws import clients


def latest_events(execution: str) -> list[dict[str, Any]]:
    """Return the last events of an execution's history, the very last first."""
    events: list[dict[str, Any]] = clients.client("stepfunctions").get_execution_history(
        executionArn=execution, reverseOrder=True, maxResults=200
    )["events"]
    return events


def status(execution: str) -> str:
    """Return whether an execution runs, or how it ended."""
    described: str = clients.client("stepfunctions").describe_execution(executionArn=execution)["status"]
    return described


def definitions(prefix: str) -> list[str]:
    """Return the definitions of the state machines whose names begin with `prefix`."""
    client = clients.client("stepfunctions")
    machines = (
        machine
        for page in client.get_paginator("list_state_machines").paginate()
        for machine in page["stateMachines"]
        if machine["name"].startswith(prefix)
    )
    return [
        client.describe_state_machine(stateMachineArn=machine["stateMachineArn"])["definition"] for machine in machines
    ]
