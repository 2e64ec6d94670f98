import json
from typing import Any

import pytest

from penstock.local.service import AwsError, JsonObject

OUT = "s3://artefacts/out"


def endpoint(world: Any, script: str = "", *, instances: int = 1, at_once: int = 4, **output: Any) -> None:
    world.model("a", script)
    variant = {"VariantName": "main", "ModelName": "a", "InstanceType": "ml.m5.large"}
    config = {
        "ClientConfig": {"MaxConcurrentInvocationsPerInstance": at_once},
        "OutputConfig": {"S3OutputPath": f"{OUT}/", **output},
    }
    world.call(
        "CreateEndpointConfig",
        EndpointConfigName="a",
        ProductionVariants=[{**variant, "InitialInstanceCount": instances}],
        AsyncInferenceConfig=config,
    )
    world.call("CreateEndpoint", EndpointName="e", EndpointConfigName="a")
    assert world.settled()["AsyncInferenceConfig"] == config


def queue(world: Any, body: bytes = b"1,2", **request: Any) -> JsonObject:
    location = world.put("in/x.csv", body)
    asked = {"EndpointName": "e", "InputLocation": location, "ContentType": "text/csv", **request}
    return dict(world.runtime.call("InvokeEndpointAsync", asked, None))


def written(world: Any, until: Any, uri: str) -> bytes:
    key = uri.removeprefix("s3://artefacts/")

    def found() -> bytes | None:
        try:
            return bytes(world.get(key))
        except world.clients.operator("s3").exceptions.NoSuchKey:
            return None

    return bytes(until(found))


@pytest.fixture
def topic(world: Any) -> Any:
    """A topic, and the messages that it got."""
    sqs, sns = world.clients.operator("sqs"), world.clients.operator("sns")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    arn = sns.create_topic(Name="t")["TopicArn"]
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint="arn:aws:sqs:us-east-1:123456789012:q")

    def messages() -> list[JsonObject]:
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(json.loads(one["Body"])["Message"]) for one in found]

    return arn, messages


def measured(world: Any, name: str) -> list[float]:
    return [value for _, metric, value, _, _ in [*world.published.measured] if metric == name]


def test_the_answer_is_in_s3(world: Any, until: Any) -> None:
    endpoint(world)
    answer = queue(world, InferenceId="mine")
    assert answer["InferenceId"] == "mine"
    assert answer["OutputLocation"].startswith(f"{OUT}/")
    assert "FailureLocation" not in answer
    assert written(world, until, answer["OutputLocation"]) == b"1,2"


def test_a_client_asks_through_the_gateway(world: Any, until: Any) -> None:
    endpoint(world, S3FailurePath="s3://artefacts/failed")
    location = world.put("in/y.csv", b"3,4")
    client = world.clients.operator("sagemaker-runtime")
    answer = client.invoke_endpoint_async(EndpointName="e", InputLocation=location, InferenceId="mine")
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 202
    assert answer["InferenceId"] == "mine"
    assert answer["FailureLocation"].startswith("s3://artefacts/failed/")
    assert written(world, until, answer["OutputLocation"]) == b"3,4"


def test_an_endpoint_without_instances_keeps_what_is_queued(world: Any, until: Any) -> None:
    endpoint(world)
    for count in (0, 1):
        desired = {"VariantName": "main", "DesiredInstanceCount": count}
        world.call("UpdateEndpointWeightsAndCapacities", EndpointName="e", DesiredWeightsAndCapacities=[desired])
        world.settled()
        if not count:
            assert world.processes() == []
            answer = queue(world)
    assert written(world, until, answer["OutputLocation"]) == b"1,2"


def test_what_the_model_refuses_is_in_the_failure_location(world: Any, until: Any, topic: Any) -> None:
    arn, messages = topic
    script = "def predict(body, headers): return 500, b'no good'"
    endpoint(world, script, S3FailurePath="s3://artefacts/failed", NotificationConfig={"ErrorTopic": arn})
    answer = queue(world)
    assert answer["FailureLocation"].endswith("-error.out")
    assert written(world, until, answer["FailureLocation"]) == b"no good"
    (message,) = until(messages)
    assert message["invocationStatus"] == "Failed"
    assert message["failureReason"].startswith("ModelError: Received server error (500)")
    assert message["failureLocation"] == answer["FailureLocation"]
    until(lambda: measured(world, "InvocationFailures") == [1.0])


def test_success_is_told(world: Any, until: Any, topic: Any) -> None:
    arn, messages = topic
    included = ["SUCCESS_NOTIFICATION_TOPIC"]
    endpoint(world, NotificationConfig={"SuccessTopic": arn, "IncludeInferenceResponseIn": included})
    answer = queue(world, InferenceId="mine")
    (message,) = until(messages)
    assert message.pop("eventTime") >= message.pop("receivedTime")
    assert message == {
        "awsRegion": "us-east-1",
        "invocationStatus": "Completed",
        "requestParameters": {
            "contentType": "text/csv",
            "endpointName": "e",
            "inputLocation": "s3://artefacts/in/x.csv",
        },
        "responseParameters": {"contentType": "text/plain", "outputLocation": answer["OutputLocation"]},
        "responseBody": {"content": "MSwy", "encoding": "BASE64"},
        "inferenceId": "mine",
        "eventVersion": "1.0",
        "eventSource": "aws:sagemaker",
        "eventName": "InferenceResult",
    }


@pytest.mark.parametrize(
    ("denied", "reason", "metric"),
    [
        ("s3:GetObject", "Failed to download s3://artefacts/in/x.csv", "RequestDownloadFailures"),
        ("s3:PutObject", f"Failed to upload {OUT}", "ResponseUploadFailures"),
    ],
)
def test_s3_is_used_as_the_execution_role(
    world: Any, until: Any, topic: Any, denied: str, reason: str, metric: str
) -> None:
    arn, messages = topic
    endpoint(world, NotificationConfig={"ErrorTopic": arn})
    world.deny(denied)
    queue(world)
    (message,) = until(messages)
    assert reason in message["failureReason"]
    until(lambda: measured(world, metric) == [1.0])


def test_a_topic_that_cannot_be_told_is_counted(world: Any, until: Any, topic: Any) -> None:
    endpoint(world, NotificationConfig={"SuccessTopic": topic[0]})
    world.deny("sns:Publish")
    queue(world)
    until(lambda: measured(world, "NotificationFailures") == [1.0])


def test_as_many_run_at_once_as_may(world: Any, until: Any) -> None:
    world.clock.speed = 2_000.0
    gate = world.work / "gate"
    script = f"""
import threading
most = [0, 0]
def predict(body, headers):
    most[0] += 1
    most[1] = max(most)
    while not os.path.exists({str(gate)!r}): time.sleep(0.01)
    most[0] -= 1
    return 200, str(most[1]).encode()
"""
    endpoint(world, script, at_once=2)
    answers = [queue(world) for _ in range(5)]
    until(lambda: 5.0 in measured(world, "ApproximateBacklogSize"))
    gate.touch()
    assert {written(world, until, one["OutputLocation"]) for one in answers} == {b"2"}


def test_a_request_whose_instance_has_gone_meanwhile_stays_in_the_queue(
    world: Any, until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint(world)
    lender, tried = world.sagemaker.endpoints.lender, []
    lend = lender.lend

    def unhealthy_at_first(*names: Any, **how: Any) -> Any:
        tried.append(names)
        if len(tried) == 1:
            raise AwsError("ServiceUnavailable", "No instance is healthy.", 503)
        return lend(*names, **how)

    monkeypatch.setattr(lender, "lend", unhealthy_at_first)
    assert written(world, until, queue(world)["OutputLocation"]) == b"1,2"


def test_a_fault_of_ours_does_not_hold_up_the_others(
    world: Any, until: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    endpoint(world, at_once=1)
    with monkeypatch.context() as broken:
        broken.setattr(world.runtime._exchange, "ask", lambda *_: 1 // 0)
        queue(world, InferenceId="broken")
        until(lambda: "async inference broken" in caplog.text)
    assert written(world, until, queue(world)["OutputLocation"]) == b"1,2"


def test_a_request_that_waits_too_long_expires(world: Any, until: Any, topic: Any) -> None:
    arn, messages = topic
    world.clock.speed = 2_000.0
    script = "def predict(body, headers): time.sleep(0.3); return 200, body"
    endpoint(world, script, at_once=1, NotificationConfig={"ErrorTopic": arn})
    queue(world)
    queue(world, RequestTTLSeconds=60)
    (message,) = until(messages)
    assert message["failureReason"].startswith("RequestExpired")
    until(lambda: 1.0 in measured(world, "ExpiredRequests"))


def test_what_is_queued_outlives_the_cloud(world: Any, until: Any) -> None:
    gate = world.work / "gate"
    endpoint(world, _waiting(gate), at_once=1)
    answers = [queue(world) for _ in range(2)]
    world.runtime.close()
    world.sagemaker.close()
    gate.touch()
    world.start()
    world.runtime.restore()
    assert [written(world, until, one["OutputLocation"]) for one in answers] == [b"1,2", b"1,2"]
    world.runtime.close()


def _waiting(gate: Any) -> str:
    return f"""
def predict(body, headers):
    while not os.path.exists({str(gate)!r}): time.sleep(0.01)
    return 200, body
"""


def test_a_deleted_endpoint_takes_its_queue_with_it(world: Any, until: Any) -> None:
    world.clock.speed = 1000.0
    endpoint(world, "def predict(body, headers): time.sleep(0.3); return 200, body", at_once=1)
    for _ in range(3):
        queue(world)
    world.call("DeleteEndpoint", EndpointName="e")
    until(lambda: world.store.all("sagemaker-async") == {})


def test_the_one_kind_is_not_asked_as_the_other(world: Any) -> None:
    endpoint(world)
    with pytest.raises(AwsError, match="ValidationError: Endpoint e is of type ASYNC"):
        world.invoke()
    world.model("b")
    variant = {"VariantName": "main", "ModelName": "b", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    world.call("CreateEndpointConfig", EndpointConfigName="b", ProductionVariants=[variant])
    world.update("b")
    with pytest.raises(AwsError, match="ValidationError: Endpoint e is not of type ASYNC"):
        queue(world)


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"S3OutputPathExtension": "x"}, "does not serve S3OutputPathExtension"),
        ({"InputLocation": "x"}, "Invalid S3 URI"),
    ],
)
def test_what_cannot_be_is_refused(world: Any, request_: Any, message: str) -> None:
    with pytest.raises(AwsError, match=message) as caught:
        world.runtime.call("InvokeEndpointAsync", {"EndpointName": "e", "InputLocation": "s3://b/k", **request_}, None)
    assert caught.value.code == "ValidationError"
