"""Log groups by their ARNs."""

import time
import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

from penstock.local.services.log_groups import LogGroups

ARN = "arn:aws:logs:us-east-1:123456789012:log-group:"


@pytest.fixture(scope="module")
def cloud(small_cloud: Any) -> Any:
    small_cloud.overlays["logs"] = LogGroups(small_cloud.clients)
    return small_cloud


@pytest.fixture
def groups(cloud: Any) -> list[str]:
    """Two log groups, each with a line that is its name."""
    logs, names = cloud.clients.operator("logs"), [f"/{uuid.uuid4()}" for _ in range(2)]
    for name in names:
        logs.create_log_group(logGroupName=name)
        logs.create_log_stream(logGroupName=name, logStreamName="s")
        event = {"timestamp": int(time.time() * 1000), "message": name}
        logs.put_log_events(logGroupName=name, logStreamName="s", logEvents=[event])
    return names


@pytest.mark.parametrize("prefix", ["", ARN])
@pytest.mark.parametrize(("operation", "more"), [("filter_log_events", {}), ("get_log_events", {"logStreamName": "s"})])
def test_the_group_that_is_named_is_served(
    cloud: Any, groups: list[str], operation: str, more: Any, prefix: str
) -> None:
    call = getattr(cloud.clients.operator("logs"), operation)
    for name in groups:
        answer = call(logGroupIdentifier=f"{prefix}{name}", **more)
        assert [event["message"] for event in answer["events"]] == [name]


@pytest.mark.parametrize(
    "identifier",
    [
        f"{ARN}/none",
        "arn:aws:logs:eu-west-1:123456789012:log-group:{name}",
        "arn:aws:logs:us-east-1:999999999999:log-group:{name}",
    ],
)
def test_a_group_elsewhere_is_not_found(cloud: Any, groups: list[str], identifier: str) -> None:
    logs = cloud.clients.operator("logs")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        logs.filter_log_events(logGroupIdentifier=identifier.replace("{name}", groups[0]))


def test_a_group_is_named_once(cloud: Any, groups: list[str]) -> None:
    logs = cloud.clients.operator("logs")
    with pytest.raises(ClientError, match="InvalidParameterException"):
        logs.filter_log_events(logGroupIdentifier=groups[0], logGroupName=groups[1])
    with pytest.raises(ClientError, match="InvalidParameterException"):
        logs.filter_log_events()
