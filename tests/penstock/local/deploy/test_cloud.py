"""A stack with one of each type, in a whole cloud: where a service of the cloud's own serves what moto does not."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from penstock.local.cloud import Cloud
from penstock.local.deploy.resources import TYPES

ALLOW = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "*"}]}
CODE = """
import json, urllib.request

def handler(event, context):
    answer = {"Status": "SUCCESS", "PhysicalResourceId": "quota-1", "Data": {"Limit": "4"}}
    answer |= {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
    body = json.dumps(answer).encode()
    urllib.request.urlopen(urllib.request.Request(event["ResponseURL"], data=body, method="PUT"))
"""


def trust(service: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def who_may(service: str, action: str, resource: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": action, "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [statement]}


def of(name: str, attribute: str = "Arn") -> dict[str, Any]:
    return {"Fn::GetAtt": [name, attribute]}


def ref(name: str) -> dict[str, str]:
    return {"Ref": name}


LOGS = who_may("events.amazonaws.com", "logs:PutLogEvents", "*")
METRIC = {"Namespace": "AWS/SQS", "MetricName": "NumberOfMessagesSent", "Dimensions": []}
LOGGED = {"Destinations": [{"CloudWatchLogsLogGroup": {"LogGroupArn": of("Group")}}], "Level": "ALL"}
RESOURCES: dict[str, tuple[str, dict[str, Any]]] = {
    "Key": ("AWS::KMS::Key", {"Description": "All"}),
    "Alias": ("AWS::KMS::Alias", {"AliasName": "alias/all", "TargetKeyId": ref("Key")}),
    "Bucket": ("AWS::S3::Bucket", {"NotificationConfiguration": {"EventBridgeConfiguration": {}}}),
    "BucketPolicy": (
        "AWS::S3::BucketPolicy",
        {
            "Bucket": ref("Bucket"),
            "PolicyDocument": who_may("logging.s3.amazonaws.com", "s3:PutObject", {"Fn::Sub": "${Bucket.Arn}/*"}),
        },
    ),
    "Repository": ("AWS::ECR::Repository", {}),
    "Topic": ("AWS::SNS::Topic", {}),
    "TopicPolicy": (
        "AWS::SNS::TopicPolicy",
        {"Topics": [ref("Topic")], "PolicyDocument": who_may("events.amazonaws.com", "sns:Publish", ref("Topic"))},
    ),
    "Queue": ("AWS::SQS::Queue", {"VisibilityTimeout": 60}),
    "QueuePolicy": (
        "AWS::SQS::QueuePolicy",
        {"Queues": [ref("Queue")], "PolicyDocument": who_may("sns.amazonaws.com", "sqs:SendMessage", of("Queue"))},
    ),
    "Subscription": (
        "AWS::SNS::Subscription",
        {"TopicArn": ref("Topic"), "Protocol": "sqs", "Endpoint": of("Queue"), "RawMessageDelivery": True},
    ),
    "Table": (
        "AWS::DynamoDB::Table",
        {
            "AttributeDefinitions": [{"AttributeName": "endpoint", "AttributeType": "S"}],
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": "endpoint", "KeyType": "HASH"}],
        },
    ),
    "Parameter": ("AWS::SSM::Parameter", {"Type": "String", "Value": "1"}),
    "Group": ("AWS::Logs::LogGroup", {"RetentionInDays": 7}),
    "Filter": (
        "AWS::Logs::MetricFilter",
        {
            "FilterPattern": "rows",
            "LogGroupName": ref("Group"),
            "MetricTransformations": [{"MetricName": "Rows", "MetricNamespace": "Penstock", "MetricValue": "1"}],
        },
    ),
    "LogsPolicy": ("AWS::Logs::ResourcePolicy", {"PolicyName": "all", "PolicyDocument": json.dumps(LOGS)}),
    "Policy": ("AWS::IAM::ManagedPolicy", {"PolicyDocument": ALLOW}),
    "Role": (
        "AWS::IAM::Role",
        {"AssumeRolePolicyDocument": trust("lambda.amazonaws.com"), "ManagedPolicyArns": [ref("Policy")]},
    ),
    "Inline": (
        "AWS::IAM::Policy",
        {
            "PolicyName": "reads",
            "Roles": [ref("Role")],
            "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": of("Queue")}],
            },
        },
    ),
    "Hook": (
        "AWS::Lambda::Function",
        {"Code": {"ZipFile": CODE}, "Handler": "index.handler", "Role": of("Role"), "Runtime": "python3.13"},
    ),
    "Permission": (
        "AWS::Lambda::Permission",
        {"Action": "lambda:InvokeFunction", "FunctionName": ref("Hook"), "Principal": "events.amazonaws.com"},
    ),
    "Invoked": (
        "AWS::Lambda::EventInvokeConfig",
        {"FunctionName": ref("Hook"), "Qualifier": "$LATEST", "MaximumRetryAttempts": 0},
    ),
    "Mapping": (
        "AWS::Lambda::EventSourceMapping",
        {"EventSourceArn": of("Queue"), "FunctionName": ref("Hook"), "BatchSize": 5},
    ),
    "Bus": ("AWS::Events::EventBus", {"Name": "all"}),
    "Rule": (
        "AWS::Events::Rule",
        {
            "ScheduleExpression": "rate(7 days)",
            "State": "DISABLED",
            "Targets": [{"Id": "Hook", "Arn": of("Hook"), "DeadLetterConfig": {"Arn": of("Queue")}, "Input": "{}"}],
        },
    ),
    "Alarm": (
        "AWS::CloudWatch::Alarm",
        {
            "AlarmName": "one",
            "ComparisonOperator": "GreaterThanThreshold",
            "EvaluationPeriods": 1,
            "Metrics": [
                {"Id": "sent", "MetricStat": {"Metric": METRIC, "Period": 60, "Stat": "Sum"}, "ReturnData": False},
                {"Id": "twice", "Expression": "sent * 2"},
            ],
            "Threshold": 1,
        },
    ),
    "Composite": (
        "AWS::CloudWatch::CompositeAlarm",
        {"AlarmRule": {"Fn::Sub": 'ALARM("${Alarm}")'}, "AlarmActions": [ref("Topic")]},
    ),
    "Dashboard": ("AWS::CloudWatch::Dashboard", {"DashboardBody": '{"widgets": []}'}),
    "Models": ("AWS::SageMaker::ModelPackageGroup", {"ModelPackageGroupName": "all"}),
    "StatesRole": ("AWS::IAM::Role", {"AssumeRolePolicyDocument": trust("states.amazonaws.com")}),
    "Machine": (
        "AWS::StepFunctions::StateMachine",
        {
            "DefinitionString": '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}',
            "RoleArn": of("StatesRole"),
        },
    ),
    "Quota": ("Custom::Quota", {"ServiceToken": of("Hook"), "Count": 1}),
}


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    with Cloud(tmp_path_factory.mktemp("cloud"), account="123456789012", region="us-east-1") as cloud:
        yield cloud


@pytest.fixture
def stack(tmp_path: Path, assembled: Any) -> Path:
    """An assembly of one stack that has everything."""
    resources = {name: {"Type": kind, "Properties": given} for name, (kind, given) in RESOURCES.items()}
    outputs = {"Limit": {"Value": of("Quota", "Limit")}}
    template = {"Resources": resources, "Outputs": outputs}
    assembled(tmp_path / "cdk.out", {"dev-all": template}, {"owner": "ml"})
    return tmp_path / "cdk.out"


def test_every_type_is_here() -> None:
    assert {kind for kind, _ in RESOURCES.values()} == {*TYPES, "Custom::Quota"}


def test_everything_is_deployed_compared_and_removed(cloud: Cloud, stack: Path) -> None:
    deployed = cloud.deploy(stack, "dev")
    assert (deployed["resources"], deployed["outputs"]["dev-all"]) == (len(RESOURCES), {"Limit": "4"})
    [same] = cloud.diff(stack, "dev")["stacks"]
    assert (same["resources"], same["outputs"]) == ((), ())
    [destroyed] = cloud.destroy("dev")["stacks"]
    assert destroyed == {"stack": "dev-all", "removed": len(RESOURCES), "kept": []}
