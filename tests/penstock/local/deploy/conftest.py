"""What tests of failing deployments share: everything that an account has, and calls that fail."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError, ConnectionClosedError

from penstock.local.clients import Clients

_TIMES = {"CreateDate", "CreatedDate", "CreationDate", "LastModified", "LastUpdatedTimestamp", "UpdateDate"}
_VOLATILE = _TIMES | {
    *("AlarmConfigurationUpdatedTimestamp", "StateUpdatedTimestamp", "StateTransitionedTimestamp", "ResponseMetadata"),
    *("DefaultVersionId", "RevisionId", "RoleLastUsed", "creationDate", "creationTime", "createdAt", "revisionId"),
    *("lastEvaluatedAt", "updateDate", "VersionId", "PolicyVersionList", "nextToken", "storedBytes"),
}


def _plain(value: Any) -> Any:
    """Leave out what changes without anything having changed, and the order of lists."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in sorted(value.items()) if key not in _VOLATILE}
    if isinstance(value, list):
        return sorted((_plain(item) for item in value), key=repr)
    return value


def inventory(clients: Clients) -> dict[str, Any]:
    """Everything that the account has, by what it is."""
    return {name: _plain(read(clients.operator)) for name, read in _READS.items()}


def _buckets(client: Callable[[str], Any]) -> Any:
    s3, found = client("s3"), {}
    reads = (
        *("encryption", "lifecycle_configuration", "logging", "notification_configuration", "ownership_controls"),
        *("policy", "tagging", "versioning"),
    )
    for bucket in s3.list_buckets()["Buckets"]:
        where = {"Bucket": bucket["Name"]}
        calls = [getattr(s3, f"get_bucket_{read}") for read in reads] + [s3.get_public_access_block]
        found[bucket["Name"]] = [_tried(call, where) for call in calls]
    return found


def _tried(call: Callable[..., Any], where: dict[str, Any]) -> Any:
    try:
        return call(**where)
    except ClientError as error:
        return error.response["Error"]["Code"]


def _keys(client: Callable[[str], Any]) -> Any:
    kms, found = client("kms"), []
    for key in kms.list_keys()["Keys"]:
        where = {"KeyId": key["KeyId"]}
        metadata = kms.describe_key(**where)["KeyMetadata"]
        if metadata["KeyState"] != "PendingDeletion":
            policy = kms.get_key_policy(**where, PolicyName="default")["Policy"]
            rotation = kms.get_key_rotation_status(**where)["KeyRotationEnabled"]
            found.append([metadata, policy, rotation, kms.list_resource_tags(**where)["Tags"]])
    return found


def _rules(client: Callable[[str], Any]) -> Any:
    events = client("events")
    return [
        [
            rule,
            events.list_targets_by_rule(Rule=rule["Name"])["Targets"],
            events.list_tags_for_resource(ResourceARN=rule["Arn"])["Tags"],
        ]
        for rule in events.list_rules()["Rules"]
    ]


def _functions(client: Callable[[str], Any]) -> Any:
    functions = client("lambda")
    return [
        [entry, _tried(functions.get_policy, {"FunctionName": name}), functions.list_tags(Resource=arn)["Tags"]]
        for entry in functions.list_functions()["Functions"]
        for name, arn in [(entry["FunctionName"], entry["FunctionArn"])]
    ]


def _machines(client: Callable[[str], Any]) -> Any:
    states = client("stepfunctions")
    arns = [entry["stateMachineArn"] for entry in states.list_state_machines()["stateMachines"]]
    return [
        [
            states.describe_state_machine(stateMachineArn=arn),
            states.list_tags_for_resource(resourceArn=arn)["tags"],
        ]
        for arn in arns
    ]


def _topics(client: Callable[[str], Any]) -> Any:
    sns = client("sns")
    return [
        [sns.get_topic_attributes(TopicArn=arn)["Attributes"], sns.list_tags_for_resource(ResourceArn=arn)["Tags"]]
        for arn in [topic["TopicArn"] for topic in sns.list_topics()["Topics"]]
    ]


def _repositories(client: Callable[[str], Any]) -> Any:
    ecr = client("ecr")
    return [
        [
            entry,
            _tried(ecr.get_lifecycle_policy, {"repositoryName": entry["repositoryName"]}),
            ecr.list_tags_for_resource(resourceArn=entry["repositoryArn"])["tags"],
        ]
        for entry in ecr.describe_repositories()["repositories"]
    ]


def _alarms(client: Callable[[str], Any]) -> Any:
    cloudwatch = client("cloudwatch")
    return [
        [alarm, cloudwatch.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]]
        for alarm in cloudwatch.describe_alarms()["MetricAlarms"]
    ]


def _groups(client: Callable[[str], Any]) -> Any:
    logs = client("logs")
    return [
        [group, logs.list_tags_for_resource(resourceArn=group["arn"].removesuffix(":*"))["tags"]]
        for group in logs.describe_log_groups()["logGroups"]
    ]


def _iam(client: Callable[[str], Any]) -> Any:
    details = client("iam").get_account_authorization_details(Filter=["Role", "LocalManagedPolicy"])
    policies = [
        [policy | {"PolicyVersionList": []}, [version["Document"] for version in policy["PolicyVersionList"]]]
        for policy in details["Policies"]
    ]
    return [details["RoleDetailList"], policies]


_READS: dict[str, Callable[[Callable[[str], Any]], Any]] = {
    "alarms": _alarms,
    "buckets": _buckets,
    "functions": _functions,
    "groups": _groups,
    "iam": _iam,
    "keys": _keys,
    "machines": _machines,
    "repositories": _repositories,
    "rules": _rules,
    "subscriptions": lambda client: client("sns").list_subscriptions()["Subscriptions"],
    "topics": _topics,
}


class Trouble:
    """Calls of the operator that fail: the one of a number, before or after it has had its effect."""

    def __init__(self) -> None:
        self.calls = 0
        self._number = 0
        self._after = False

    def before(self, **_: Any) -> Any:
        self.calls += 1
        if self.calls == self._number and not self._after:
            body = {"Error": {"Code": "AccessDeniedException", "Message": "No."}}
            return AWSResponse("", 400, {}, None), body | {"ResponseMetadata": {"HTTPStatusCode": 400}}
        return None

    def after(self, **_: Any) -> None:
        if self.calls == self._number and self._after:
            self._number = 0
            raise ConnectionClosedError(endpoint_url="http://localhost")

    def at(self, number: int, *, after: bool) -> None:
        """Let the call of a number from now on fail, counted from one; 0 for none."""
        self.calls, self._number, self._after = 0, number, after


@contextmanager
def _troubled(clients: Clients) -> Iterator[Trouble]:
    trouble = Trouble()
    services = (
        *("cloudwatch", "dynamodb", "ecr", "events", "iam", "kms", "lambda", "logs", "s3", "sagemaker", "sns", "sqs"),
        *("ssm", "stepfunctions"),
    )
    for service in services:
        events = clients.operator(service).meta.events
        events.register("before-call", trouble.before, "trouble-before")
        events.register("after-call", trouble.after, "trouble-after")
    yield trouble
    for service in services:
        events = clients.operator(service).meta.events
        events.unregister("before-call", unique_id="trouble-before")
        events.unregister("after-call", unique_id="trouble-after")


@pytest.fixture
def trouble(account: Any) -> Iterator[Trouble]:
    """Calls of the operator that fail at a moment of the test's choice."""
    with _troubled(account.clients) as trouble:
        yield trouble


@pytest.fixture(name="inventory")
def _inventory(account: Any) -> Callable[[], dict[str, Any]]:
    return lambda: inventory(account.clients)
