"""The tags of resources decide, wherever a service keeps them."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from penstock.local.access.sources import Sources
from penstock.local.access.tags import tags_of
from penstock.local.gateway.bucket_policies import BucketPolicies

ACCOUNT = "123456789012"
ARN = f"us-east-1:{ACCOUNT}"
PAIRS = [{"Key": "team", "Value": "blue"}]


def _queue(client: Any, name: str) -> str:
    client.create_queue(QueueName=name, tags={"team": "blue"})
    return f"arn:aws:sqs:{ARN}:{name}"


def _topic(client: Any, name: str) -> str:
    return str(client.create_topic(Name=name, Tags=PAIRS)["TopicArn"])


def _key(client: Any, _name: str) -> str:
    return str(client.create_key(Tags=[{"TagKey": "team", "TagValue": "blue"}])["KeyMetadata"]["Arn"])


def _group(client: Any, name: str) -> str:
    client.create_log_group(logGroupName=name, tags={"team": "blue"})
    return f"arn:aws:logs:{ARN}:log-group:{name}:log-stream:s"


def _parameter(client: Any, name: str) -> str:
    client.put_parameter(Name=f"/p/{name}", Value="1", Type="String", Tags=PAIRS)
    return f"arn:aws:ssm:{ARN}:parameter/p/{name}"


def _table(client: Any, name: str) -> str:
    client.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        Tags=PAIRS,
    )
    return f"arn:aws:dynamodb:{ARN}:table/{name}/index/by-time"


def _repository(client: Any, name: str) -> str:
    return str(client.create_repository(repositoryName=name, tags=PAIRS)["repository"]["repositoryArn"])


def _rule(client: Any, name: str) -> str:
    return str(client.put_rule(Name=name, ScheduleExpression="rate(1 hour)", Tags=PAIRS)["RuleArn"])


@pytest.mark.parametrize(
    ("service", "make"),
    [
        ("sqs", _queue),
        ("sns", _topic),
        ("kms", _key),
        ("logs", _group),
        ("ssm", _parameter),
        ("dynamodb", _table),
        ("ecr", _repository),
        ("events", _rule),
    ],
)
def test_a_resource_has_the_tags_that_it_was_given(running: Any, service: str, make: Callable[[Any, str], str]) -> None:
    sources = Sources(account=ACCOUNT, region="us-east-1", partition="aws", buckets=BucketPolicies(), services={})
    arn = make(running.clients.operator(service), f"t-{uuid.uuid4()}")
    assert tags_of(sources, arn) == {"team": "blue"}
    assert tags_of(sources, f"arn:aws:{service}:{ARN}:none") == {}
