import json
from typing import Any

import pytest

DEAD = {"Dead": {"Type": "AWS::SQS::Queue"}}
FULL: dict[str, Any] = {
    "DelaySeconds": 5,
    "KmsMasterKeyId": "alias/aws/sqs",
    "MaximumMessageSize": 1024,
    "MessageRetentionPeriod": "3600",
    "QueueName": "dev-data",
    "ReceiveMessageWaitTimeSeconds": 20,
    "RedrivePolicy": {"deadLetterTargetArn": {"Fn::GetAtt": ["Dead", "Arn"]}, "maxReceiveCount": 3},
    "VisibilityTimeout": 90,
}
OUTPUTS = {
    "Url": {"Value": {"Ref": "Queue"}},
    "Arn": {"Value": {"Fn::GetAtt": ["Queue", "Arn"]}},
    "Name": {"Value": {"Fn::GetAtt": ["Queue", "QueueName"]}},
}


def queue(**properties: Any) -> dict[str, Any]:
    return {**DEAD, "Queue": {"Type": "AWS::SQS::Queue", "Properties": properties}}


def attributes(account: Any, stack: Any) -> dict[str, str]:
    answer = account.client("sqs").get_queue_attributes(QueueUrl=stack.outputs["Url"], AttributeNames=["All"])
    return dict(answer["Attributes"])


def test_every_property_of_a_queue_is_applied(account: Any) -> None:
    stack = account.deploy(queue(**FULL), Outputs=OUTPUTS)
    found = attributes(account, stack)
    assert (found["QueueArn"], stack.outputs["Name"]) == (stack.outputs["Arn"], "dev-data")
    numbers = ("DelaySeconds", "MaximumMessageSize", "MessageRetentionPeriod", "VisibilityTimeout")
    assert {name: found[name] for name in numbers} == {name: str(FULL[name]) for name in numbers}
    assert json.loads(found["RedrivePolicy"])["maxReceiveCount"] == 3


def test_what_the_template_no_longer_says_goes_back_to_the_default(account: Any) -> None:
    account.deploy(queue(**FULL), Outputs=OUTPUTS)
    stack = account.deploy(queue(QueueName="dev-data"), Outputs=OUTPUTS)
    assert account.mutations == ["sqs:SetQueueAttributes"]
    found = attributes(account, stack)
    assert (found["VisibilityTimeout"], found["DelaySeconds"]) == ("30", "0")
    assert "RedrivePolicy" not in found


@pytest.mark.parametrize("named", [{}, {"QueueName": "dev-data.fifo"}])
def test_a_queue_in_order_has_the_ending_of_one(account: Any, named: Any) -> None:
    stack = account.deploy(queue(FifoQueue=True, **named), Outputs=OUTPUTS)
    assert stack.outputs["Name"].endswith(".fifo")


def test_a_queue_has_its_policy_until_that_is_removed(account: Any) -> None:
    def policy(sid: str) -> dict[str, Any]:
        statement = {"Sid": sid, "Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
        document = {"Version": "2012-10-17", "Statement": [statement]}
        properties = {"PolicyDocument": document, "Queues": [{"Ref": "Queue"}]}
        return {"Policy": {"Type": "AWS::SQS::QueuePolicy", "Properties": properties}}

    stack = account.deploy(queue() | policy("First"), Outputs=OUTPUTS)
    assert '"First"' in attributes(account, stack)["Policy"]
    stack = account.deploy(queue() | policy("Second"), Outputs=OUTPUTS)
    assert '"Second"' in attributes(account, stack)["Policy"]
    stack = account.deploy(queue(), Outputs=OUTPUTS)
    assert "Policy" not in attributes(account, stack)
