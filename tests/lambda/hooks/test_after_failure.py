import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.stub import ANY, Stubber

from hooks.after_failure import handler

Stub = Callable[[str], Stubber]
EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:dev-bigmart:7c1f09ab"
MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:dev-bigmart"
EVENT = {
    "source": "aws.states",
    "detail-type": "Step Functions Execution Status Change",
    "detail": {"executionArn": EXECUTION, "stateMachineArn": MACHINE, "name": "7c1f09ab", "status": "FAILED"},
}
PACKAGE = "arn:aws:sagemaker:us-east-1:123456789012:model-package/dev-bigmart/5"
DETAILS: dict[str, Any] = {"ValidationStatuses": []}
NOW = datetime(2026, 1, 1, tzinfo=UTC)
RELEASED = {
    "TableName": "dev-deployments",
    "Key": {"endpoint": {"S": "dev-bigmart"}},
    "UpdateExpression": "REMOVE #owner, expires, approval",
    "ConditionExpression": "#owner = :execution",
    "ExpressionAttributeNames": {"#owner": "owner"},
    "ExpressionAttributeValues": {":execution": {"S": EXECUTION}},
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "ALARMS": "errors,latency",
        "ARTEFACT_BUCKET": "artefacts",
        "AWS_REGION": "us-east-1",
        "ENDPOINT": "dev-bigmart",
        "NAME": "dev-bigmart",
        "PIPELINE": "bigmart",
        "TABLE": "dev-deployments",
        "TOPIC_ARN": "arn:aws:sns:us-east-1:123456789012:topic",
    }.items():
        monkeypatch.setenv(name, value)


def _execution(stub: Stub, error: str, *, status: str = "FAILED", job: str = "") -> None:
    states = stub("stepfunctions")
    described = {"executionArn": EXECUTION, "stateMachineArn": MACHINE, "status": status, "startDate": NOW}
    states.add_response("describe_execution", described, {"executionArn": EXECUTION})
    events: list[dict[str, Any]] = [
        {"type": "ExecutionFailed", "executionFailedEventDetails": {"error": error, "cause": "why"}},
        {
            "type": "TaskScheduled",
            "taskScheduledEventDetails": {
                "resourceType": "sagemaker",
                "resource": "createTrainingJob.sync",
                "region": "us-east-1",
                "parameters": json.dumps({"TrainingJobName": job} if job else {}),
            },
        },
        {"type": "TaskStateEntered", "stateEnteredEventDetails": {"name": "Train"}},
    ]
    numbered = [event | {"timestamp": NOW, "id": 9 - number} for number, event in enumerate(events)]
    states.add_response("get_execution_history", {"events": numbered})


def _reported(stub: Stub) -> tuple[Stubber, Stubber]:
    s3, sns = stub("s3"), stub("sns")
    kept = {"Bucket": "artefacts", "Key": "bigmart/runs/7c1f09ab/failure.txt", "Body": ANY, "ContentType": ANY}
    s3.add_response("put_object", {}, kept)
    message = {"TopicArn": ANY, "Subject": "dev-bigmart FAILED at Train", "Message": ANY}
    sns.add_response("publish", {"MessageId": "1"}, message)
    return s3, sns


def _no_endpoint(stub: Stub) -> None:
    _not_there(stub("sagemaker"))


def _not_there(sagemaker: Stubber) -> None:
    sagemaker.add_client_error("describe_endpoint", "ValidationException", "Could not find endpoint")


def _generation(sagemaker: Stubber, run: str) -> None:
    """Have a generation of a run be the last that was approved."""
    asked = {"ModelPackageGroupName": "dev-bigmart", "ModelApprovalStatus": "Approved"}
    asked |= {"SortBy": "CreationTime", "SortOrder": "Descending"}
    package = {"ModelPackageName": "p", "ModelPackageArn": PACKAGE, "ModelPackageVersion": 5, "CreationTime": NOW}
    package |= {"ModelPackageStatus": "Completed"}
    sagemaker.add_response("list_model_packages", {"ModelPackageSummaryList": [package]}, asked)
    artefact = f"s3://artefacts/bigmart/runs/{run}/output/job/output/model.tar.gz"
    specification = {"Containers": [{"Image": "image", "ModelDataUrl": artefact}]}
    described = package | {"InferenceSpecification": specification, "ModelPackageStatusDetails": DETAILS}
    sagemaker.add_response("describe_model_package", described, {"ModelPackageName": PACKAGE})


def test_the_failure_is_reported_kept_and_its_lock_released(stub: Stub) -> None:
    _execution(stub, "States.TaskFailed", job="dev-bigmart-7c1f09ab")
    dynamodb = stub("dynamodb")
    dynamodb.add_response("update_item", {}, RELEASED)
    _no_endpoint(stub)
    logs = stub("logs")
    logs.add_response("describe_log_streams", {"logStreams": [{"logStreamName": "dev-bigmart-7c1f09ab/algo-1"}]})
    logs.add_response("get_log_events", {"events": [{"message": "ValueError"}]})
    s3, sns = _reported(stub)
    handler(EVENT, None)
    for stubber in (dynamodb, logs, s3, sns):
        stubber.assert_no_pending_responses()


def test_a_rollback_is_reported_with_the_alarms_that_are_on(stub: Stub) -> None:
    _execution(stub, "EndpointRolledBack")
    stub("dynamodb").add_client_error("update_item", "ConditionalCheckFailedException")
    sagemaker = stub("sagemaker")
    _generation(sagemaker, "5d02c1e9")
    _not_there(sagemaker)
    cloudwatch = stub("cloudwatch")
    asked = {"AlarmNames": ["errors", "latency"], "StateValue": "ALARM"}
    cloudwatch.add_response("describe_alarms", {"MetricAlarms": []}, asked)
    stub("logs").add_response("describe_log_streams", {"logStreams": []})
    _, sns = _reported(stub)
    handler(EVENT, None)
    cloudwatch.assert_no_pending_responses()
    sns.assert_no_pending_responses()


def test_a_generation_that_did_not_hold_is_none_to_go_back_to(stub: Stub) -> None:
    _execution(stub, "SmokeTestFailed")
    stub("dynamodb").add_response("update_item", {}, RELEASED)
    sagemaker = stub("sagemaker")
    _generation(sagemaker, "7c1f09ab")
    rejected = {"ModelPackageArn": PACKAGE, "ModelApprovalStatus": "Rejected"}
    why = {"ApprovalDescription": f"SmokeTestFailed in execution {EXECUTION}"}
    sagemaker.add_response("update_model_package", {"ModelPackageArn": PACKAGE}, rejected | why)
    _not_there(sagemaker)
    stub("logs").add_response("describe_log_streams", {"logStreams": []})
    _reported(stub)
    handler(EVENT, None)
    sagemaker.assert_no_pending_responses()


def test_an_execution_that_was_redriven_meanwhile_keeps_its_lock(stub: Stub) -> None:
    _execution(stub, "States.TaskFailed", status="RUNNING")
    _no_endpoint(stub)
    _, sns = _reported(stub)
    handler(EVENT, None)
    sns.assert_no_pending_responses()
