"""IAM policy documents, written as IAM reads them."""

from collections.abc import Mapping, Sequence
from typing import Any

Statement = dict[str, Any]
# A resource's ARN: a string (or a CDK token in the form of one), or an intrinsic function such as arn() makes.
Arn = str | dict[str, str]


def arn(service: str, resource: str) -> Arn:
    """Return the ARN of a resource of this account and region, by name."""
    return {"Fn::Sub": f"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{resource}"}


def allow(
    sid: str, actions: str | Sequence[str], resources: Arn | Sequence[Arn], condition: Mapping[str, Any] | None = None
) -> Statement:
    """Return a statement that allows `actions` on `resources`."""
    statement = {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources}
    return statement | ({"Condition": condition} if condition else {})


def allow_service(sid: str, service: str, actions: str | Sequence[str], resource: Arn) -> Statement:
    """Return a statement of a resource's own policy that lets an AWS service in, when it acts for this account."""
    return allow(sid, actions, resource, _acting_for()) | {"Principal": {"Service": f"{service}.amazonaws.com"}}


def trust(service: str, source_arn: Arn) -> Statement:
    """Return the statement that lets a service assume a role, when it acts for what `source_arn` matches."""
    return {
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": _acting_for() | {"ArnLike": {"aws:SourceArn": source_arn}},
    }


def tls_only(actions: str, resources: Arn | Sequence[Arn]) -> Statement:
    """Return a statement of a resource's own policy that refuses every call that does not come by TLS."""
    condition = {"Bool": {"aws:SecureTransport": "false"}}
    return allow("TlsOnly", actions, resources, condition) | {"Effect": "Deny", "Principal": "*"}


def document(statements: Sequence[Statement]) -> dict[str, Any]:
    """Return the policy document of `statements`."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _acting_for() -> dict[str, Any]:
    """Return the condition that keeps other accounts from using a service as their deputy.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
    """
    return {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
