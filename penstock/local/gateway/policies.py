"""Is a policy that is put well-formed? AWS refuses one that is not, each service in its own way."""

from collections.abc import Iterator, Mapping
from typing import Any

from penstock.local.access.grammar import Form, parse
from penstock.local.gateway.requests import Call
from penstock.local.service import AwsError

_IDENTITY = Form(principal=False, resource=True)
_RESOURCE = Form(principal=True, resource=True)
_ATTACHED = Form(principal=True, resource=False)  # to what it is about
_REPOSITORY = Form(principal=True)
# By service and operation: the parameter that is a policy, or has one as its attribute, and the policy's form.
_PUT: Mapping[str, Mapping[str, tuple[str, Form]]] = {
    "ecr": {"SetRepositoryPolicy": ("policyText", _REPOSITORY)},
    "iam": {
        "CreatePolicy": ("PolicyDocument", _IDENTITY),
        "CreatePolicyVersion": ("PolicyDocument", _IDENTITY),
        "CreateRole": ("AssumeRolePolicyDocument", _ATTACHED),
        "PutGroupPolicy": ("PolicyDocument", _IDENTITY),
        "PutRolePolicy": ("PolicyDocument", _IDENTITY),
        "PutUserPolicy": ("PolicyDocument", _IDENTITY),
        "UpdateAssumeRolePolicy": ("PolicyDocument", _ATTACHED),
    },
    "kms": {"CreateKey": ("Policy", _RESOURCE), "PutKeyPolicy": ("Policy", _RESOURCE)},
    "logs": {"PutResourcePolicy": ("policyDocument", _RESOURCE)},
    "s3": {"PutBucketPolicy": ("Policy", _RESOURCE)},
    "sns": {"CreateTopic": ("Attributes", _RESOURCE), "SetTopicAttributes": ("AttributeValue", _RESOURCE)},
    "sqs": {"CreateQueue": ("Attributes", _RESOURCE), "SetQueueAttributes": ("Attributes", _RESOURCE)},
}
_CODES = {
    "iam": "MalformedPolicyDocument",
    "kms": "MalformedPolicyDocumentException",
    "s3": "MalformedPolicy",
    "sns": "InvalidParameter",
    "sqs": "InvalidAttributeValue",
}


def check(call: Call) -> None:
    """Refuse to keep a policy that nothing could be decided by.

    Raises:
        AwsError: in the service's own form, with what is wrong and where.
    """
    parameter, form = _PUT.get(call.service, {}).get(str(call.operation.name), ("", Form()))
    for text in _given(call, parameter):
        try:
            parse(text, form)
        except ValueError as error:
            code = _CODES.get(call.service, "InvalidParameterException")
            raise AwsError(code, f"The policy is malformed: {error}.") from error


def _given(call: Call, parameter: str) -> Iterator[str]:
    """Yield the policy of a call, where it has one; an empty attribute takes the policy away."""
    value: Any = call.parameters.get(parameter)
    if parameter == "Attributes":
        value = (value or {}).get("Policy") or None
    elif parameter == "AttributeValue" and call.parameters.get("AttributeName") != "Policy":
        value = None
    if call.service == "logs" and parameter and not value:
        value = ""  # it need not be given by AWS's model, but there is no policy without it
    if value is not None:
        yield value.decode(errors="replace") if isinstance(value, bytes) else str(value)
