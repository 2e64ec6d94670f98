from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from botocore.stub import ANY, Stubber

from hooks.after_failure import handler

Stub = Callable[[str], Stubber]
EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:dev-bigmart:one"
EVENT = {
    "source": "aws.states",
    "detail-type": "Step Functions Execution Status Change",
    "detail": {
        "executionArn": EXECUTION,
        "stateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:dev-bigmart",
        "name": "one",
        "status": "FAILED",
    },
}
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_the_failure_is_reported_to_the_topic(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOPIC_ARN", "arn:aws:sns:us-east-1:123456789012:topic")
    monkeypatch.setenv("ENDPOINT", "dev-bigmart")
    events = [
        {
            "timestamp": NOW,
            "type": "ExecutionFailed",
            "id": 9,
            "executionFailedEventDetails": {
                "error": "States.TaskFailed",
                "cause": '{"FailureReason": "AlgorithmError"}',
            },
        },
        {"timestamp": NOW, "type": "TaskStateEntered", "id": 8, "stateEnteredEventDetails": {"name": "Train"}},
    ]
    history = {"executionArn": EXECUTION, "reverseOrder": True, "maxResults": 200}
    stub("stepfunctions").add_response("get_execution_history", {"events": events}, history)
    stub("sagemaker").add_client_error("describe_endpoint", "ValidationException", "Could not find endpoint")
    sns = stub("sns")
    message = {"TopicArn": ANY, "Subject": "dev-bigmart FAILED at Train", "Message": ANY}
    sns.add_response("publish", {"MessageId": "1"}, message)
    handler(EVENT, None)
    sns.assert_no_pending_responses()
