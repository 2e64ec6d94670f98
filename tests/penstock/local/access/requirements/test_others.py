from typing import Any

import pytest

from penstock.local.access.requirements import required
from penstock.local.service import AwsError

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"
MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:m"
EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:m:e"
ROLE = "arn:aws:iam::123456789012:role/r"
TOPIC = "arn:aws:sns:us-east-1:123456789012:t"
URL = "http://localhost:4566/123456789012/q"
KEY_ID = "00000000-1111-2222-3333-444444444444"
CIPHERTEXT = KEY_ID.encode() + b"encrypted"
VARIANT = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": "endpoint/Dev-E/variant/main",
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}
TAGS = [{"Key": "a", "Value": "b"}]


@pytest.mark.parametrize(
    ("call", "parameters", "taken"),
    [
        ("lambda:Invoke", {"FunctionName": "f"}, ["lambda:InvokeFunction function:f"]),
        ("lambda:Invoke", {"FunctionName": FUNCTION}, ["lambda:InvokeFunction function:f"]),
        ("lambda:Invoke", {"FunctionName": "123456789012:function:f"}, ["lambda:InvokeFunction function:f"]),
        (
            "lambda:Invoke",
            {"FunctionName": "f", "Qualifier": "$LATEST"},
            ["lambda:InvokeFunction function:f:$LATEST"],
        ),
        ("lambda:GetFunction", {"FunctionName": "f:$LATEST"}, ["lambda:GetFunction function:f:$LATEST"]),
        (
            "lambda:CreateFunction",
            {"FunctionName": "f", "Role": ROLE, "Tags": {"a": "b"}},
            ["lambda:CreateFunction function:f", "iam:PassRole role/r", "lambda:TagResource function:f"],
        ),
        ("lambda:CreateEventSourceMapping", {"FunctionName": "f"}, ["lambda:CreateEventSourceMapping *"]),
        (
            "stepfunctions:CreateStateMachine",
            {"name": "m", "roleArn": ROLE, "tags": [{"key": "a", "value": "b"}]},
            ["states:CreateStateMachine stateMachine:m", "iam:PassRole role/r", "states:TagResource stateMachine:m"],
        ),
        ("stepfunctions:StartExecution", {"stateMachineArn": MACHINE}, ["states:StartExecution stateMachine:m"]),
        ("stepfunctions:RedriveExecution", {"executionArn": EXECUTION}, ["states:RedriveExecution execution:m:e"]),
        ("stepfunctions:ListExecutions", {"stateMachineArn": MACHINE}, ["states:ListExecutions stateMachine:m"]),
        ("stepfunctions:SendTaskSuccess", {"taskToken": "t"}, ["states:SendTaskSuccess *"]),
        ("events:PutRule", {"Name": "r", "Tags": TAGS}, ["events:PutRule rule/r", "events:TagResource rule/r"]),
        ("events:PutRule", {"Name": "r", "RoleArn": ROLE}, ["events:PutRule rule/r", "iam:PassRole role/r"]),
        ("events:PutRule", {"Name": "r", "EventPattern": "[]"}, ["events:PutRule rule/r"]),
        (
            "events:PutTargets",
            {"Rule": "r", "EventBusName": "bus", "Targets": [{"Arn": TOPIC, "RoleArn": ROLE}, {"Arn": TOPIC}]},
            ["events:PutTargets rule/bus/r", "iam:PassRole role/r"],
        ),
        ("events:PutEvents", {"Entries": [{"Source": "s"}]}, ["events:PutEvents event-bus/default"]),
        ("sns:Publish", {"TopicArn": TOPIC}, ["sns:Publish t", "kms:GenerateDataKey key/k", "kms:Decrypt key/k"]),
        ("sns:Publish", {"PhoneNumber": "1"}, ["sns:Publish *"]),
        (
            "sns:SetTopicAttributes",
            {"TopicArn": TOPIC, "AttributeName": "SQSFailureFeedbackRoleArn", "AttributeValue": ROLE},
            ["sns:SetTopicAttributes t", "iam:PassRole role/r"],
        ),
        (
            "sns:CreateTopic",
            {"Name": "t", "Attributes": {"LambdaSuccessFeedbackRoleArn": ROLE, "DisplayName": "d"}},
            ["sns:CreateTopic t", "iam:PassRole role/r"],
        ),
        ("sns:Unsubscribe", {"SubscriptionArn": f"{TOPIC}:1"}, ["sns:Unsubscribe t"]),
        (
            "sqs:SendMessageBatch",
            {"QueueUrl": URL},
            ["sqs:SendMessage q", "kms:GenerateDataKey key/k", "kms:Decrypt key/k"],
        ),
        ("sqs:ReceiveMessage", {"QueueUrl": URL}, ["sqs:ReceiveMessage q", "kms:Decrypt key/k"]),
        ("sqs:CreateQueue", {"QueueName": "q", "tags": {"a": "b"}}, ["sqs:CreateQueue q", "sqs:TagQueue q"]),
        ("kms:Encrypt", {"KeyId": "k"}, ["kms:Encrypt key/k"]),
        ("kms:Decrypt", {}, ["kms:Decrypt key/*"]),
        ("kms:Decrypt", {"CiphertextBlob": CIPHERTEXT}, [f"kms:Decrypt key/k{KEY_ID}"]),
        (
            "kms:ReEncrypt",
            {"CiphertextBlob": CIPHERTEXT, "DestinationKeyId": "k"},
            [f"kms:ReEncryptFrom key/k{KEY_ID}", "kms:ReEncryptTo key/k"],
        ),
        ("kms:CreateKey", {"Tags": TAGS}, ["kms:CreateKey *", "kms:TagResource *"]),
        (
            "kms:CreateAlias",
            {"AliasName": "alias/a", "TargetKeyId": "k"},
            ["kms:CreateAlias alias/a", "kms:CreateAlias key/k"],
        ),
        ("logs:CreateLogGroup", {"logGroupName": "/g"}, ["logs:CreateLogGroup log-group:/g:log-stream:"]),
        (
            "logs:PutLogEvents",
            {"logGroupName": "/g", "logStreamName": "s"},
            ["logs:PutLogEvents log-group:/g:log-stream:s"],
        ),
        (
            "logs:FilterLogEvents",
            {"logGroupIdentifier": "arn:aws:logs:us-east-1:123456789012:log-group:/g:*"},
            ["logs:FilterLogEvents log-group:/g:log-stream:"],
        ),
        (
            "application-autoscaling:RegisterScalableTarget",
            VARIANT,
            [
                "application-autoscaling:RegisterScalableTarget scalable-target/*",
                "sagemaker:DescribeEndpoint endpoint/dev-e",
                "sagemaker:DescribeEndpointConfig endpoint-config/config-of-dev-e",
                "sagemaker:UpdateEndpointWeightsAndCapacities endpoint/dev-e",
                "iam:CreateServiceLinkedRole role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com"
                "/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint",
            ],
        ),
        (
            "application-autoscaling:RegisterScalableTarget",
            {"ServiceNamespace": "dynamodb", "ResourceId": "table/t"},
            ["application-autoscaling:RegisterScalableTarget scalable-target/*"],
        ),
        (
            "application-autoscaling:PutScalingPolicy",
            VARIANT,
            [
                "application-autoscaling:PutScalingPolicy scalable-target/*",
                "cloudwatch:PutMetricAlarm alarm:TargetTracking-endpoint/Dev-E/variant/main-*",
                "cloudwatch:DescribeAlarms alarm:TargetTracking-endpoint/Dev-E/variant/main-*",
                "cloudwatch:DeleteAlarms alarm:TargetTracking-endpoint/Dev-E/variant/main-*",
            ],
        ),
        (
            "application-autoscaling:DeleteScalingPolicy",
            VARIANT,
            [
                "application-autoscaling:DeleteScalingPolicy scalable-target/*",
                "cloudwatch:DeleteAlarms alarm:TargetTracking-endpoint/Dev-E/variant/main-*",
            ],
        ),
        ("application-autoscaling:DescribeScalableTargets", {}, ["application-autoscaling:DescribeScalableTargets *"]),
        ("cloudwatch:PutMetricData", {"Namespace": "n"}, ["cloudwatch:PutMetricData *"]),
        (
            "cloudwatch:DescribeAlarms",
            {"AlarmNames": ["a", "b"]},
            ["cloudwatch:DescribeAlarms alarm:a", "cloudwatch:DescribeAlarms alarm:b"],
        ),
        ("cloudwatch:DescribeAlarms", {"AlarmNamePrefix": "a"}, ["cloudwatch:DescribeAlarms alarm:*"]),
        (
            "cloudwatch:DescribeAlarms",
            {"AlarmNames": ["a"], "AlarmTypes": ["CompositeAlarm"]},
            ["cloudwatch:DescribeAlarms alarm:*"],
        ),
        (
            "cloudwatch:DeleteAlarms",
            {"AlarmNames": ["a", "b"]},
            ["cloudwatch:DeleteAlarms alarm:a", "cloudwatch:DeleteAlarms alarm:b"],
        ),
        ("xray:PutTraceSegments", {}, ["xray:PutTraceSegments *"]),
        ("ecr:BatchGetImage", {"repositoryName": "r"}, ["ecr:BatchGetImage repository/r"]),
        ("ecr:GetAuthorizationToken", {}, ["ecr:GetAuthorizationToken *"]),
        ("iam:GetRole", {"RoleName": "r"}, ["iam:GetRole role/path/r"]),
        (
            "iam:CreateRole",
            {"RoleName": "r", "Path": "/p/", "Tags": TAGS},
            ["iam:CreateRole role/p/r", "iam:TagRole role/p/r"],
        ),
        (
            "iam:AddRoleToInstanceProfile",
            {"InstanceProfileName": "p", "RoleName": "r"},
            ["iam:AddRoleToInstanceProfile instance-profile/p", "iam:PassRole role/path/r"],
        ),
        ("sts:AssumeRole", {"RoleArn": ROLE, "Tags": TAGS}, ["sts:AssumeRole role/r", "sts:TagSession role/r"]),
        ("sts:GetCallerIdentity", {}, []),
        ("ssm:GetParameter", {"Name": "/a/b"}, ["ssm:GetParameter parameter/a/b"]),
        ("ssm:GetParameter", {"Name": "/a/b:1"}, ["ssm:GetParameter parameter/a/b"]),
        (
            "ssm:GetParameter",
            {"Name": "arn:aws:ssm:us-east-1:123456789012:parameter/a/b:1"},
            ["ssm:GetParameter parameter/a/b"],
        ),
        (
            "ssm:PutParameter",
            {"Name": "/a", "Type": "SecureString", "KeyId": "k"},
            ["ssm:PutParameter parameter/a", "kms:Encrypt key/k"],
        ),
        ("ssm:PutParameter", {"Name": "/a", "Type": "SecureString"}, ["ssm:PutParameter parameter/a"]),
        (
            "ssm:GetParameters",
            {"Names": ["a", "b"]},
            ["ssm:GetParameters parameter/a", "ssm:GetParameters parameter/b"],
        ),
        ("dynamodb:GetItem", {"TableName": "t", "Key": {"id": {"S": "1"}}}, ["dynamodb:GetItem table/t"]),
        (
            "dynamodb:UpdateItem",
            {"TableName": "secret", "Key": {"id": {"S": "1"}}},
            ["dynamodb:UpdateItem table/secret", "kms:Decrypt key/k"],
        ),
        ("dynamodb:Query", {"TableName": "t", "IndexName": "i"}, ["dynamodb:Query table/t/index/i"]),
        (
            "dynamodb:TransactWriteItems",
            {
                "TransactItems": [
                    {"Put": {"TableName": "t", "Item": {}}},
                    {"ConditionCheck": {"TableName": "u", "Key": {}}},
                ]
            },
            ["dynamodb:PutItem table/t", "dynamodb:ConditionCheckItem table/u"],
        ),
    ],
)
def test_what_an_operation_takes(takes: Any, call: str, parameters: Any, taken: list[str]) -> None:
    assert takes(*call.split(":"), **parameters) == taken


@pytest.mark.parametrize(
    ("call", "parameters", "action", "context"),
    [
        ("cloudwatch:PutMetricData", {"Namespace": "n"}, "cloudwatch:PutMetricData", {"cloudwatch:namespace": "n"}),
        (
            "lambda:CreateEventSourceMapping",
            {"FunctionName": "f"},
            "lambda:CreateEventSourceMapping",
            {"lambda:FunctionArn": FUNCTION},
        ),
        (
            "lambda:AddPermission",
            {"FunctionName": "f", "Principal": "s3.amazonaws.com"},
            "lambda:AddPermission",
            {"lambda:Principal": "s3.amazonaws.com"},
        ),
        (
            "sns:Subscribe",
            {"TopicArn": TOPIC, "Protocol": "email", "Endpoint": "a@b.example"},
            "sns:Subscribe",
            {"sns:Protocol": "email", "sns:Endpoint": "a@b.example"},
        ),
        (
            "events:PutRule",
            {"Name": "r", "EventPattern": '{"source": ["aws.s3", {"prefix": "x"}]}'},
            "events:PutRule",
            {"events:source": ["aws.s3"]},
        ),
        (
            "events:PutTargets",
            {"Rule": "r", "Targets": [{"Id": "1", "Arn": TOPIC}]},
            "events:PutTargets",
            {"events:TargetArn": [TOPIC]},
        ),
        (
            "dynamodb:UpdateItem",
            {"TableName": "t", "Key": {"id": {"S": "1"}}},
            "dynamodb:UpdateItem",
            {"dynamodb:LeadingKeys": ["1"]},
        ),
        (
            "dynamodb:BatchWriteItem",
            {"RequestItems": {"t": [{"PutRequest": {"Item": {"id": {"S": "1"}}}}]}},
            "dynamodb:BatchWriteItem",
            {"dynamodb:LeadingKeys": ["1"]},
        ),
        (
            "dynamodb:BatchGetItem",
            {"RequestItems": {"t": {"Keys": [{"id": {"S": "1"}}]}}},
            "dynamodb:BatchGetItem",
            {"dynamodb:LeadingKeys": ["1"]},
        ),
        (
            "kms:Encrypt",
            {"KeyId": "k", "EncryptionContext": {"a": "b"}},
            "kms:Encrypt",
            {
                "kms:CallerAccount": "123456789012",
                "kms:EncryptionContext:a": "b",
                "kms:EncryptionContextKeys": ["a"],
            },
        ),
        (
            "application-autoscaling:PutScalingPolicy",
            VARIANT,
            "application-autoscaling:PutScalingPolicy",
            {
                "application-autoscaling:service-namespace": "sagemaker",
                "application-autoscaling:scalable-dimension": "sagemaker:variant:DesiredInstanceCount",
            },
        ),
        (
            "iam:CreateServiceLinkedRole",
            {"AWSServiceName": "sagemaker.application-autoscaling.amazonaws.com"},
            "iam:CreateServiceLinkedRole",
            {"iam:AWSServiceName": "sagemaker.application-autoscaling.amazonaws.com"},
        ),
        ("sts:AssumeRole", {"RoleArn": ROLE, "ExternalId": "x"}, "sts:AssumeRole", {"sts:ExternalId": "x"}),
        (
            "iam:AttachRolePolicy",
            {"RoleName": "r", "PolicyArn": "p"},
            "iam:AttachRolePolicy",
            {"iam:PolicyARN": "p"},
        ),
    ],
)
def test_the_condition_keys_of_a_service(by_action: Any, call: str, parameters: Any, action: str, context: Any) -> None:
    found = by_action(*call.split(":"), **parameters)[action].context
    assert {key: value for key, value in found.items() if value} == context


@pytest.mark.parametrize("call", [("Decrypt", "KeyId"), ("ReEncrypt", "SourceKeyId")])
def test_a_ciphertext_takes_its_own_key_and_no_other(takes: Any, call: Any) -> None:
    with pytest.raises(AwsError, match="IncorrectKeyException"):
        takes("kms", call[0], **{call[1]: "k", "CiphertextBlob": CIPHERTEXT})
    with pytest.raises(AwsError, match="InvalidCiphertextException"):
        takes("kms", call[0], CiphertextBlob=b"nobody's")


@pytest.mark.parametrize("operation", ["DescribeLogStreams", "FilterLogEvents", "GetLogEvents"])
@pytest.mark.parametrize("named", [{}, {"logGroupName": "/a", "logGroupIdentifier": "/b"}])
def test_a_log_group_is_named_once(takes: Any, operation: str, named: Any) -> None:
    with pytest.raises(AwsError, match="InvalidParameterException"):
        takes("logs", operation, **named)


@pytest.mark.parametrize("parameters", [{"FunctionName": "f" * 65}, {"FunctionName": "f:1", "Qualifier": "2"}])
def test_a_function_that_cannot_be_is_refused(takes: Any, parameters: Any) -> None:
    with pytest.raises(AwsError, match=r"^(Validation|InvalidParameterValue)Exception"):
        takes("lambda", "Invoke", **parameters)


def test_a_grant_says_what_it_grants(by_action: Any) -> None:
    context = by_action("kms", "CreateGrant", KeyId="k", Operations=["Decrypt"], GranteePrincipal=ROLE)[
        "kms:CreateGrant"
    ].context
    assert context["kms:GrantOperations"] == ["Decrypt"]
    assert context["kms:GrantIsForAWSResource"] == "false"


def test_an_operation_in_no_table_is_refused_and_the_message_says_where_to_add_it(asked: Any) -> None:
    with pytest.raises(
        AwsError, match="does not know which permissions s3:CreateSession takes, so it is denied"
    ) as refused:
        required(asked("s3", "CreateSession"))
    assert "penstock/local/access/requirements/" in refused.value.message


def test_a_service_that_is_not_served_is_refused(asked: Any) -> None:
    with pytest.raises(AwsError, match="UnknownOperationException: The local cloud does not serve batch"):
        required(asked("batch", "SubmitJob"))
