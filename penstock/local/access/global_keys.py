"""The condition keys that every call has.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from penstock.local.access.context import Context, Tags, Value
from penstock.local.access.requirement import Requirement
from penstock.local.service import Caller

_TAGS = ("Tags", "tags")
# These services do not say for what they act when they use a KMS key.
# https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
_WITHOUT_SOURCE = {"events.amazonaws.com": "kms:"}


def global_context(
    caller: Caller,
    requirement: Requirement,
    parameters: Mapping[str, Any],
    *,
    region: str,
    tags: Mapping[str, Tags],
    role_id: str = "",
) -> Context:
    """Return the context of what a call takes: the keys of its service, and those that all have.

    `role_id` is that of the role whose session calls.
    """
    now = datetime.now(UTC)
    asked = {} if requirement.action.startswith("kms:") and requirement.via else dict(_request_tags(parameters))
    values: dict[str, Value] = {
        "aws:CurrentTime": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "aws:EpochTime": str(int(now.timestamp())),
        "aws:RequestedRegion": region,
        "aws:ResourceAccount": caller.account,
        "aws:SecureTransport": "true",
        "aws:ViaAWSService": "true" if requirement.via else "false",
        # As with aws:SecureTransport: the calls that would be encrypted at AWS are not, on one machine.
        **({"s3:TlsVersion": "1.3"} if requirement.action.startswith("s3:") else {}),
        **_of_caller(caller, requirement, role_id),
        **({"aws:TagKeys": [*asked]} if asked else {}),
        **{f"aws:RequestTag/{name}": value for name, value in asked.items()},
        **requirement.context,
    }
    if requirement.via:
        values |= {"aws:CalledVia": [requirement.via], "aws:CalledViaFirst": requirement.via}
        values["aws:CalledViaLast"] = requirement.via
    return Context(values, tags)


def _of_caller(caller: Caller, requirement: Requirement, role_id: str) -> dict[str, Value]:
    if caller.service:
        acts_for: dict[str, Value] = {"aws:SourceAccount": caller.account}
        acts_for |= {"aws:SourceOwner": caller.account, "aws:SourceArn": caller.source} if caller.source else {}
        silent = _WITHOUT_SOURCE.get(caller.service)
        return {
            "aws:PrincipalIsAWSService": "true",
            "aws:PrincipalServiceName": caller.service,
            **({} if silent and requirement.action.startswith(silent) else acts_for),
        }
    name = caller.arn.rpartition("/")[2]  # of the session, or of the user
    return {
        "aws:PrincipalIsAWSService": "false",
        "aws:PrincipalAccount": caller.account,
        "aws:PrincipalArn": caller.role or caller.arn,
        "aws:PrincipalType": "AssumedRole" if caller.role else "User",
        "aws:userid": f"{role_id}:{name}" if caller.role else user_id(caller),
        **({"aws:TokenIssueTime": caller.since} if caller.since else {}),
        **({} if caller.role else {"aws:username": name}),
        **({} if requirement.via else {"aws:SourceIp": "127.0.0.1"}),
    }


def user_id(caller: Caller) -> str:
    """Return the ID of the operator, who is a user."""
    return f"AIDA{caller.access_key[4:]}"


def _request_tags(parameters: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in _TAGS:
        given = parameters.get(name)
        if isinstance(given, Mapping):
            yield from ((str(key), str(value)) for key, value in given.items())
        elif isinstance(given, list):
            for tag in given:
                pair = {key.lower().removeprefix("tag"): value for key, value in tag.items()}
                yield str(pair.get("key", "")), str(pair.get("value", ""))
