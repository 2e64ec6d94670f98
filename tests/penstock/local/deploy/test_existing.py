"""What is there already is refused, and stays as it is, though most calls that create would take it."""

from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError

from penstock.errors import DeployError
from penstock.local.deploy.resources import TYPES

ALLOW = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]}
METRIC = {
    "ComparisonOperator": "GreaterThanThreshold",
    "EvaluationPeriods": 1,
    "MetricName": "Rows",
    "Namespace": "Penstock",
    "Period": 60,
    "Statistic": "Sum",
    "Threshold": 1,
}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}
ROLE = "arn:aws:iam::123456789012:role/hook"
CODE = {"Code": {"ZipFile": "pass"}, "Handler": "index.handler", "Role": ROLE, "Runtime": "python3.13"}
MACHINE = {"DefinitionString": '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}', "RoleArn": ROLE}
TABLE = {
    "AttributeDefinitions": [{"AttributeName": "a", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
    "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}],
}
COUNT = {"MetricName": "Rows", "MetricNamespace": "Penstock", "MetricValue": "1"}
NAMED: dict[str, dict[str, Any]] = {
    "AWS::CloudWatch::Alarm": {"AlarmName": "taken", **METRIC},
    "AWS::CloudWatch::CompositeAlarm": {"AlarmName": "taken", "AlarmRule": "TRUE"},
    "AWS::CloudWatch::Dashboard": {"DashboardName": "taken", "DashboardBody": '{"widgets": []}'},
    "AWS::DynamoDB::Table": {"TableName": "taken", **TABLE},
    "AWS::ECR::Repository": {"RepositoryName": "taken"},
    "AWS::Events::EventBus": {"Name": "taken"},
    "AWS::Events::Rule": {"Name": "taken", "ScheduleExpression": "rate(7 days)"},
    "AWS::IAM::ManagedPolicy": {"ManagedPolicyName": "taken", "PolicyDocument": ALLOW},
    "AWS::IAM::Role": {"RoleName": "taken", "AssumeRolePolicyDocument": TRUST},
    "AWS::KMS::Alias": {"AliasName": "alias/taken", "TargetKeyId": {"Ref": "Key"}},
    "AWS::Lambda::Function": {"FunctionName": "taken", **CODE},
    "AWS::Logs::LogGroup": {"LogGroupName": "taken"},
    "AWS::Logs::MetricFilter": {
        "FilterName": "taken",
        "FilterPattern": "rows",
        "LogGroupName": "/hook",
        "MetricTransformations": [COUNT],
    },
    "AWS::Logs::ResourcePolicy": {"PolicyName": "taken", "PolicyDocument": "{}"},
    "AWS::S3::Bucket": {"BucketName": "taken"},
    "AWS::SNS::Topic": {"TopicName": "taken"},
    "AWS::SQS::Queue": {"QueueName": "taken"},
    "AWS::SSM::Parameter": {"Name": "taken", "Type": "String", "Value": "1"},
    "AWS::SageMaker::ModelPackageGroup": {"ModelPackageGroupName": "taken"},
    "AWS::StepFunctions::StateMachine": {"StateMachineName": "taken", **MACHINE},
}
UNNAMED: dict[str, dict[str, Any]] = {
    "AWS::IAM::Policy": {"PolicyName": "reads", "Roles": ["hook"], "PolicyDocument": ALLOW},
    "AWS::S3::BucketPolicy": {"Bucket": {"Ref": "Data"}, "PolicyDocument": TRUST},
    "AWS::SNS::Subscription": {"TopicArn": {"Ref": "Topic"}, "Protocol": "email", "Endpoint": "a@example.com"},
    "AWS::SNS::TopicPolicy": {"Topics": [{"Ref": "Topic"}], "PolicyDocument": {"Id": "mine", "Statement": []}},
    "AWS::SQS::QueuePolicy": {"Queues": [{"Ref": "Queue"}], "PolicyDocument": ALLOW},
}
GROUND = {
    "Data": {"Type": "AWS::S3::Bucket"},
    "Key": {"Type": "AWS::KMS::Key"},
    "Queue": {"Type": "AWS::SQS::Queue"},
    "Topic": {"Type": "AWS::SNS::Topic"},
}


@pytest.fixture(autouse=True)
def _ground(account: Any) -> None:
    account.client("iam").create_role(RoleName="hook", AssumeRolePolicyDocument="{}")
    account.client("logs").create_log_group(logGroupName="/hook")


def twice(kind: str, properties: dict[str, Any]) -> dict[str, Any]:
    second = {"Type": kind, "Properties": properties, "DependsOn": "First"}
    return GROUND | {"First": {"Type": kind, "Properties": properties}, "Second": second}


@pytest.mark.parametrize(
    "kind", sorted(NAMED.keys() - {"AWS::CloudWatch::CompositeAlarm"})
)  # which moto does not serve
def test_the_same_name_twice_in_a_stack_is_refused(account: Any, kind: str) -> None:
    said = rf"dev-app: Resources\.Second: {kind}: (alias/)?taken already exists in stack arn:.*dev-app/.* as its First "
    with pytest.raises(DeployError, match=said):
        account.deploy(twice(kind, NAMED[kind]))


@pytest.mark.parametrize("kind", UNNAMED)
def test_what_another_resource_has_put_is_not_replaced(account: Any, kind: str) -> None:
    with pytest.raises(DeployError, match=rf"Resources\.Second: {kind}: it already exists .*Remove it"):
        account.deploy(twice(kind, UNNAMED[kind]))


def test_every_type_with_a_name_is_looked_for() -> None:
    assert NAMED.keys() == {name for name, kind in TYPES.items() if kind.name_property}
    assert all(TYPES[name].exists for name in NAMED)


def test_what_another_stack_has_is_refused_and_stays(account: Any) -> None:
    queue = {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "taken"}}}
    account.deploy(queue, stack="dev-platform")
    with pytest.raises(DeployError, match=r"already exists in stack arn:.*/dev-platform/.* as its Queue"):
        account.deploy(queue)
    assert len(account.client("sqs").list_queues()["QueueUrls"]) == 1


def test_what_nobody_deployed_stays_with_what_is_in_it(account: Any) -> None:
    account.client("s3").create_bucket(Bucket="taken")
    account.client("s3").put_object(Bucket="taken", Key="a")
    said = r"taken already exists .* Remove it \(`aws s3 rb s3://taken --force`\).*name, or leave BucketName out"
    with pytest.raises(DeployError, match=said):
        account.deploy({"Data": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "taken"}}})
    assert account.client("s3").list_objects_v2(Bucket="taken")["KeyCount"] == 1


def test_a_name_that_must_be_given_is_not_to_be_left_out(account: Any) -> None:
    bus = {"Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": "taken"}}}
    account.client("events").create_event_bus(Name="taken")
    with pytest.raises(DeployError, match=r"Or give this one another name\.$"):
        account.deploy(bus)


def test_a_call_without_an_answer_does_not_undo_what_was_there(account: Any) -> None:
    def cut(**_: Any) -> None:
        raise ConnectionClosedError(endpoint_url="http://localhost")

    account.client("logs").create_log_group(logGroupName="taken")
    events = account.client("logs").meta.events
    events.register("before-call.logs.CreateLogGroup", cut, "cut")
    with pytest.raises(DeployError, match="taken already exists"):
        account.deploy({"Group": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "taken"}}})
    events.unregister("before-call.logs.CreateLogGroup", unique_id="cut")
    assert "taken" in [group["logGroupName"] for group in account.client("logs").describe_log_groups()["logGroups"]]


def test_a_look_that_fails_makes_nothing(account: Any) -> None:
    def refused(params: dict[str, Any], **_: Any) -> None:
        params["QueueName"] = 5

    events = account.client("sqs").meta.events
    events.register("provide-client-params.sqs.GetQueueUrl", refused, "refused")
    with pytest.raises(DeployError, match=r"(?s)Resources\.Queue: .*Invalid type for parameter QueueName"):
        account.deploy({"Queue": {"Type": "AWS::SQS::Queue"}})
    events.unregister("provide-client-params.sqs.GetQueueUrl", unique_id="refused")
    assert [call for call in account.mutations if call.startswith("sqs:")] == []
