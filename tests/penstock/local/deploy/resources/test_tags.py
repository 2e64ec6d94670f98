"""Tags of templates and stacks, on every type that has them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from penstock.local.deploy.resources import TYPES

TRUST = {"Version": "2012-10-17", "Statement": []}
CODE = {"ZipFile": "def handler(event, context): pass"}
# A resource of each type that can have tags, and how its tags are read.
RESOURCES: dict[str, dict[str, Any]] = {
    "AWS::CloudWatch::Alarm": {"ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1, "Threshold": 1}
    | {"MetricName": "Errors", "Namespace": "AWS/Lambda", "Period": 60, "Statistic": "Sum"},
    "AWS::DynamoDB::Table": {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}
    | {"AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}], "BillingMode": "PAY_PER_REQUEST"},
    "AWS::ECR::Repository": {},
    "AWS::Events::EventBus": {"Name": "bus"},
    "AWS::Events::Rule": {"EventPattern": {"source": ["a"]}},
    "AWS::IAM::Role": {"AssumeRolePolicyDocument": TRUST},
    "AWS::KMS::Key": {},
    "AWS::Lambda::Function": {"Code": CODE, "Handler": "index.handler", "Runtime": "python3.13"}
    | {"Role": "arn:aws:iam::123456789012:role/hook"},
    "AWS::Logs::LogGroup": {},
    "AWS::S3::Bucket": {},
    "AWS::SNS::Topic": {},
    "AWS::SQS::Queue": {},
    "AWS::SSM::Parameter": {"Type": "String", "Value": "1"},
    "AWS::SageMaker::ModelPackageGroup": {"ModelPackageGroupName": "models"},
    "AWS::StepFunctions::StateMachine": {"RoleArn": "arn:aws:iam::123456789012:role/hook"}
    | {"DefinitionString": '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}'},
}


def by_key(tags: Any, key: str = "Key", value: str = "Value") -> dict[str, str]:
    return {tag[key]: tag[value] for tag in tags}


READS: dict[str, Callable[[Callable[[str], Any], str, str], dict[str, str]]] = {
    "AWS::CloudWatch::Alarm": lambda client, _, arn: by_key(
        client("cloudwatch").list_tags_for_resource(ResourceARN=arn)["Tags"]
    ),
    "AWS::DynamoDB::Table": lambda client, _, arn: by_key(
        client("dynamodb").list_tags_of_resource(ResourceArn=arn)["Tags"]
    ),
    "AWS::ECR::Repository": lambda client, _, arn: by_key(
        client("ecr").list_tags_for_resource(resourceArn=arn)["tags"]
    ),
    "AWS::Events::EventBus": lambda client, _, arn: by_key(
        client("events").list_tags_for_resource(ResourceARN=arn)["Tags"]
    ),
    "AWS::Events::Rule": lambda client, _, arn: by_key(
        client("events").list_tags_for_resource(ResourceARN=arn)["Tags"]
    ),
    "AWS::IAM::Role": lambda client, name, _: by_key(client("iam").list_role_tags(RoleName=name)["Tags"]),
    "AWS::KMS::Key": lambda client, name, _: {
        key: value
        for key, value in by_key(client("kms").list_resource_tags(KeyId=name)["Tags"], "TagKey", "TagValue").items()
        if key != "penstock:resource"
    },
    "AWS::Lambda::Function": lambda client, _, arn: dict(client("lambda").list_tags(Resource=arn)["Tags"]),
    "AWS::Logs::LogGroup": lambda client, _, arn: dict(
        client("logs").list_tags_for_resource(resourceArn=arn.removesuffix(":*"))["tags"]
    ),
    "AWS::S3::Bucket": lambda client, name, _: by_key(client("s3").get_bucket_tagging(Bucket=name)["TagSet"]),
    "AWS::SNS::Topic": lambda client, name, _: by_key(client("sns").list_tags_for_resource(ResourceArn=name)["Tags"]),
    "AWS::SQS::Queue": lambda client, name, _: dict(client("sqs").list_queue_tags(QueueUrl=name)["Tags"]),
    "AWS::SSM::Parameter": lambda client, name, _: by_key(
        client("ssm").list_tags_for_resource(ResourceType="Parameter", ResourceId=name)["TagList"]
    ),
    "AWS::SageMaker::ModelPackageGroup": lambda client, name, _: by_key(
        client("sagemaker").list_tags(ResourceArn=name)["Tags"]
    ),
    "AWS::StepFunctions::StateMachine": lambda client, name, _: by_key(
        client("stepfunctions").list_tags_for_resource(resourceArn=name)["tags"], "key", "value"
    ),
}


@pytest.mark.parametrize("kind", RESOURCES)
def test_a_resource_has_its_own_tags_and_those_of_its_stack(account: Any, tmp_path: Path, kind: str) -> None:
    def deploy(own: dict[str, str], of_stack: dict[str, str]) -> dict[str, str]:
        tags: Any = [{"Key": key, "Value": value} for key, value in own.items()]
        properties = RESOURCES[kind] | {"Tags": own if kind == "AWS::SSM::Parameter" else tags}
        stack = account.deploy({"Thing": {"Type": kind, "Properties": properties}}, tags=of_stack)
        physical = stack.resources["Thing"].handle.physical
        return READS[kind](account.client, physical.id, str(physical.attributes.get("Arn", "")))

    account.client("iam").create_role(RoleName="hook", AssumeRolePolicyDocument="{}")
    assert deploy({"a": "1", "b": "1"}, {"b": "2", "c": "2"}) == {"a": "1", "b": "1", "c": "2"}
    assert deploy({"a": "3"}, {"c": "2", "d": "2"}) == {"a": "3", "c": "2", "d": "2"}
    assert not any(call.split(":")[1].startswith("Create") for call in account.calls)


def test_every_type_with_tags_is_tested() -> None:
    without_moto = {"AWS::CloudWatch::CompositeAlarm"}
    assert {name for name, kind in TYPES.items() if "Tags" in kind.properties} == RESOURCES.keys() | without_moto
