"""What faults do to AWS calls."""

import contextlib
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from penstock.local.faults.plan import read_lines


def plan(misbehaving: Any, *lines: str) -> None:
    misbehaving.faults.plan(read_lines(lines))


def refused(call: Any, **arguments: Any) -> tuple[str, int, str]:
    """The code, the status and the message of the error that a call is refused with."""
    with pytest.raises(ClientError) as error:
        call(**arguments)
    answer = error.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Message"]


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "error"),
    [
        ("sagemaker", "CreateModel", {"ModelName": "m"}, ("ThrottlingException", 400, "Rate exceeded")),
        ("s3", "ListBuckets", {}, ("SlowDown", 503, "Please reduce your request rate.")),
        ("sns", "ListTopics", {}, ("Throttled", 429, "Rate exceeded")),
        ("sqs", "ListQueues", {}, ("RequestThrottled", 403, "Rate exceeded")),
        ("iam", "ListRoles", {}, ("Throttling", 400, "Rate exceeded")),
        (
            "dynamodb",
            "ListTables",
            {},
            (
                "ProvisionedThroughputExceededException",
                400,
                "The level of configured provisioned throughput for the table was exceeded. Consider increasing your"
                " provisioning level with the UpdateTable API.",
            ),
        ),
        ("logs", "DescribeLogGroups", {}, ("ThrottlingException", 400, "Rate exceeded")),
    ],
)
def test_each_service_throttles_in_its_own_words(
    misbehaving: Any, service: str, operation: str, arguments: dict[str, str], error: tuple[str, int, str]
) -> None:
    plan(misbehaving, f"throttle={service}:{operation}")
    client = misbehaving.clients.operator(service)
    method = {name.replace("_", "").lower(): name for name in dir(client)}[operation.lower()]
    assert refused(getattr(client, method), **arguments) == error
    getattr(client, method)(**arguments)


def test_calls_are_throttled_as_often_as_planned(misbehaving: Any) -> None:
    plan(misbehaving, "throttle=sagemaker:Create*,times=3")
    client = misbehaving.clients.operator("sagemaker")
    for _ in range(3):
        assert refused(client.create_model, ModelName="m")[0] == "ThrottlingException"
    client.create_model(ModelName="m")
    assert misbehaving.sagemaker.done == ["CreateModel"]


def test_a_fault_that_always_happens_is_never_used_up(misbehaving: Any) -> None:
    plan(misbehaving, "error=sagemaker:CreateModel*always,code=InternalFailure,message=Sorry,http=500")
    client = misbehaving.clients.operator("sagemaker")
    for _ in range(5):
        assert refused(client.create_model, ModelName="m") == ("InternalFailure", 500, "Sorry")


def test_a_lost_response_is_of_a_call_that_was_carried_out(misbehaving: Any) -> None:
    plan(misbehaving, "lose=sagemaker:CreateModel")
    with pytest.raises(ConnectionClosedError):
        misbehaving.clients.operator("sagemaker").create_model(ModelName="m")
    assert misbehaving.sagemaker.done == ["CreateModel"]


def test_the_response_of_a_call_that_failed_is_not_lost(misbehaving: Any) -> None:
    plan(misbehaving, "lose=s3:HeadBucket")
    assert refused(misbehaving.clients.operator("s3").head_bucket, Bucket="none")[1] == 404
    assert misbehaving.faults.described()[0]["met"] == []


def test_a_call_that_times_out_is_not_carried_out(misbehaving: Any) -> None:
    plan(misbehaving, "timeout=sagemaker:CreateModel,seconds=0.01")
    with pytest.raises(ConnectionClosedError):
        misbehaving.clients.operator("sagemaker").create_model(ModelName="m")
    assert misbehaving.sagemaker.done == []


def test_only_the_role_that_is_denied_is_denied(misbehaving: Any) -> None:
    plan(misbehaving, "deny=dev-*-workflow:sagemaker:CreateModel")
    code, status, message = refused(misbehaving.role("dev-tiny-workflow", "sagemaker").create_model, ModelName="m")
    assert (code, status) == ("AccessDeniedException", 403)
    assert message.startswith(
        "User: arn:aws:sts::123456789012:assumed-role/dev-tiny-workflow/run-1 is not authorized to perform:"
        " sagemaker:CreateModel"
    )
    misbehaving.role("other", "sagemaker").create_model(ModelName="m")
    misbehaving.clients.operator("sagemaker").create_model(ModelName="m")


def test_a_fault_can_be_about_one_resource(misbehaving: Any) -> None:
    plan(misbehaving, "throttle=sagemaker:CreateModel,name=dev-*")
    client = misbehaving.clients.operator("sagemaker")
    client.create_model(ModelName="other")
    assert refused(client.create_model, ModelName="dev-a")[0] == "ThrottlingException"


def test_what_was_made_is_not_found_for_a_while(misbehaving: Any) -> None:
    plan(misbehaving, "delay=sagemaker:CreateModel,seconds=0.2")
    client = misbehaving.clients.operator("sagemaker")
    client.create_model(ModelName="m")
    config = {
        "EndpointConfigName": "c",
        "ProductionVariants": [{"VariantName": "v", "ModelName": "m", "InstanceType": "ml.m5.large"}],
    }
    message = 'Could not find model "arn:aws:sagemaker:us-east-1:123456789012:model/m".'
    assert refused(client.create_endpoint_config, **config) == ("ValidationException", 400, message)
    while "CreateEndpointConfig" not in misbehaving.sagemaker.done:
        with contextlib.suppress(ClientError):
            client.create_endpoint_config(**config)


def test_what_was_updated_shows_as_it_was_for_a_while(misbehaving: Any) -> None:
    plan(misbehaving, "delay=sagemaker:UpdateEndpoint,seconds=0.2")
    client = misbehaving.clients.operator("sagemaker")
    assert client.describe_endpoint(EndpointName="e")["EndpointConfigName"] == "old"
    client.update_endpoint(EndpointName="e", EndpointConfigName="new")
    assert client.describe_endpoint(EndpointName="e")["EndpointConfigName"] == "old"
    while client.describe_endpoint(EndpointName="e")["EndpointConfigName"] != "new":
        pass


def test_the_record_of_calls_shows_what_was_planned(misbehaving: Any) -> None:
    plan(misbehaving, "throttle=sagemaker:CreateModel", "lose=sagemaker:CreateModel")
    client = misbehaving.clients.operator("sagemaker")
    with pytest.raises(ClientError):
        client.create_model(ModelName="m")
    with pytest.raises(ConnectionClosedError):
        client.create_model(ModelName="m")
    results = [json.loads(line)["result"] for line in misbehaving.record.read_text().splitlines()]
    assert results == ["ThrottlingException (planned fault)", "LostResponse (planned fault)"]


def test_a_closing_cloud_waits_for_no_time_out(misbehaving: Any) -> None:
    plan(misbehaving, "timeout=sagemaker:CreateModel,seconds=3600")
    misbehaving.faults.close()
    with pytest.raises(ConnectionClosedError):
        misbehaving.clients.operator("sagemaker").create_model(ModelName="m")
