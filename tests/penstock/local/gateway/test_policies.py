"""A malformed policy is refused when it is put, in each service's own way."""

import json
import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

ALLOW = {"Effect": "Allow", "Action": "*", "Resource": "*"}
OPEN = json.dumps({"Version": "2012-10-17", "Statement": ALLOW | {"Principal": "*"}})
OWN = json.dumps({"Version": "2012-10-17", "Statement": ALLOW})
BROKEN = json.dumps({"Version": "2012-10-17", "Statement": ALLOW | {"Principal": "*", "Condition": {"Boool": {}}}})


def refusal(call: Any, **request: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call(**request)
    error: dict[str, str] = refused.value.response["Error"]
    assert "malformed" in error["Message"]
    return error["Code"]


@pytest.fixture
def name() -> str:
    return f"n-{uuid.uuid4()}"


def test_a_bucket_keeps_no_policy_that_nothing_can_be_decided_by(running: Any, name: str) -> None:
    s3 = running.clients.operator("s3")
    s3.create_bucket(Bucket=name)
    for policy in ('{"Statement": 1}', '{"Statement": [{}]}', "[]", "x", BROKEN, OWN):
        assert refusal(s3.put_bucket_policy, Bucket=name, Policy=policy) == "MalformedPolicy"
    s3.put_bucket_policy(Bucket=name, Policy=OPEN)
    s3.put_object(Bucket=name, Key="k", Body=b"1")


def test_a_queue(running: Any, name: str) -> None:
    sqs = running.clients.operator("sqs")
    code = "InvalidAttributeValue"
    assert refusal(sqs.create_queue, QueueName=name, Attributes={"Policy": BROKEN}) == code
    url = sqs.create_queue(QueueName=name, Attributes={"Policy": OPEN})["QueueUrl"]
    assert refusal(sqs.set_queue_attributes, QueueUrl=url, Attributes={"Policy": OWN}) == code
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})


def test_a_topic(running: Any, name: str) -> None:
    sns = running.clients.operator("sns")
    code = "InvalidParameter"
    assert refusal(sns.create_topic, Name=name, Attributes={"Policy": BROKEN}) == code
    topic = sns.create_topic(Name=name)["TopicArn"]
    put = {"TopicArn": topic, "AttributeName": "Policy"}
    assert refusal(sns.set_topic_attributes, **put, AttributeValue="x") == code
    sns.set_topic_attributes(**put, AttributeValue=OPEN)
    sns.set_topic_attributes(TopicArn=topic, AttributeName="DisplayName", AttributeValue="x")


def test_a_key(running: Any) -> None:
    kms = running.clients.operator("kms")
    code = "MalformedPolicyDocumentException"
    assert refusal(kms.create_key, Policy=BROKEN) == code
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    assert refusal(kms.put_key_policy, KeyId=key, PolicyName="default", Policy="[]") == code
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=OPEN)


def test_a_role_and_its_policies(running: Any, name: str) -> None:
    iam = running.clients.operator("iam")
    trust = json.dumps(
        {"Statement": {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "sts:AssumeRole"}}
    )
    code = "MalformedPolicyDocument"
    assert refusal(iam.create_role, RoleName=name, AssumeRolePolicyDocument=OPEN) == code
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    assert refusal(iam.update_assume_role_policy, RoleName=name, PolicyDocument="x") == code
    assert refusal(iam.put_role_policy, RoleName=name, PolicyName="p", PolicyDocument=OPEN) == code
    assert refusal(iam.create_policy, PolicyName=name, PolicyDocument=OPEN) == code
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=OWN)


def test_a_repository_whose_policy_names_no_resource(running: Any, name: str) -> None:
    ecr = running.clients.operator("ecr")
    ecr.create_repository(repositoryName=name)
    statement = {"Sid": "s", "Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage"}
    ecr.set_repository_policy(
        repositoryName=name, policyText=json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    )
    put = {"repositoryName": name, "policyText": OWN}
    assert refusal(ecr.set_repository_policy, **put) == "InvalidParameterException"


def test_log_groups_need_a_policy_that_is_there(running: Any) -> None:
    logs = running.clients.operator("logs")
    assert refusal(logs.put_resource_policy) == "InvalidParameterException"
    assert refusal(logs.put_resource_policy, policyName="p", policyDocument=BROKEN) == "InvalidParameterException"
    logs.create_log_group(logGroupName="/still/served")
