"""The rules by which Step Functions hears of the end of what `.sync` tasks start: made as the machine's role."""

import json
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from penstock.local.arns import partition
from penstock.local.clients import Clients
from penstock.local.service import AwsError, JsonObject
from penstock.local.services.stepfunctions.role import PRINCIPAL

_RULES: dict[str, tuple[str, str, str]] = {
    "sagemaker:createTrainingJob": ("SageMakerTrainingJobs", "aws.sagemaker", "SageMaker Training Job State Change"),
    "sagemaker:createTransformJob": ("SageMakerTransformJobs", "aws.sagemaker", "SageMaker Transform Job State Change"),
    "sagemaker:createProcessingJob": (
        "SageMakerProcessingJobs",
        "aws.sagemaker",
        "SageMaker Processing Job State Change",
    ),
    "sagemaker:createHyperParameterTuningJob": (
        "SageMakerTuningJobs",
        "aws.sagemaker",
        "SageMaker HyperParameter Tuning Job State Change",
    ),
    "states:startExecution": ("StepFunctionsExecution", "aws.states", "Step Functions Execution Status Change"),
}


def make(clients: Clients, definition: str, *, role_arn: str, machine_arn: str) -> None:
    """Make the rules that the tasks of a definition need.

    Raises:
        AwsError: the role may not make them.
    """
    for name, source, kind in sorted({*_needed(json.loads(definition))}):
        rule = f"StepFunctionsGetEventsFor{name}Rule"
        client = clients.role(role_arn, "events", session="managed-rule", by=PRINCIPAL, source=machine_arn)
        arn = f"arn:{partition(clients.region)}:states:{clients.region}::events-target/{name}"
        try:
            if not _there(client, rule):
                pattern = json.dumps({"source": [source], "detail-type": [kind]})
                description = "This rule is used to notify Step Functions of what its tasks have started."
                client.put_rule(Name=rule, EventPattern=pattern, State="ENABLED", Description=description)
            client.put_targets(Rule=rule, Targets=[{"Id": "StepFunctions", "Arn": arn}])
        except ClientError as error:
            raise AwsError(
                "AccessDeniedException", f"'{role_arn}' is not authorized to create managed-rule. ({error})"
            ) from error


def _there(client: Any, rule: str) -> bool:
    try:
        client.describe_rule(Name=rule)
    except client.exceptions.ResourceNotFoundException:
        return False
    return True


def _needed(value: Any) -> Iterator[tuple[str, str, str]]:
    if isinstance(value, list):
        for item in value:
            yield from _needed(item)
    elif isinstance(value, dict):
        yield from _of_state(value)
        for item in value.values():
            yield from _needed(item)


def _of_state(state: JsonObject) -> Iterator[tuple[str, str, str]]:
    resource = state.get("Resource")
    name, _, condition = resource.partition(":states:::")[2].partition(".") if isinstance(resource, str) else ("",) * 3
    if condition.startswith("sync") and name in _RULES:
        yield _RULES[name]
