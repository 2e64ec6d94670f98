"""The state machines of a cloud, and their executions."""

import json
from typing import Any

from penstock.errors import RunError
from penstock.spec import Pipeline


def find_machine(states: Any, name: str) -> str | None:
    """Return the ARN of a state machine, or None if there is none of the name."""
    pages = states.get_paginator("list_state_machines").paginate()
    machines = (machine for page in pages for machine in page["stateMachines"])
    return next((machine["stateMachineArn"] for machine in machines if machine["name"] == name), None)


def machine_arn(states: Any, environment: str, pipeline: str) -> str:
    """Return the ARN of a pipeline's state machine.

    Raises:
        RunError: there is none.
    """
    name = f"{environment}-{pipeline}"
    found = find_machine(states, name)
    if found is None:
        raise RunError(
            f"There is no state machine {name} in this cloud: {pipeline} was never run in it."
            f" `penstock local run {pipeline}` deploys and runs it."
        )
    return found


def executions(states: Any, arn: str) -> list[Any]:
    """Return the executions of a state machine, the newest first."""
    pages = states.get_paginator("list_executions").paginate(stateMachineArn=arn)
    return [run for page in pages for run in page["executions"]]


def endpoint_of(pipeline: Pipeline, environment: str) -> str | None:
    """Return the name of the endpoint that a pipeline deploys to, if it deploys to one."""
    return None if pipeline.deploy.kind == "batch" else f"{environment}-{pipeline.name}"


def last_deployed(states: Any, arn: str) -> tuple[int, dict[str, Any]] | None:
    """Return the generation that a state machine has deployed last, and the input of that run; None if it has none."""
    for run in executions(states, arn):
        if run["status"] == "SUCCEEDED":
            described = states.describe_execution(executionArn=run["executionArn"])
            output = json.loads(described["output"])
            if output["outcome"] == "DEPLOYED":
                return int(output["generation"]), json.loads(described["input"])
    return None
