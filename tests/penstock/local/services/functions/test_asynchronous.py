"""Events that nobody waits for."""

import json
from pathlib import Path
from typing import Any

import pytest

COUNT = """
import os
def handler(event, context):
    with open(event["file"], "a") as file:
        file.write("x")
    if os.path.getsize(event["file"]) <= event["failures"]:
        raise ValueError("not yet")
"""


@pytest.fixture
def queue(functions: Any, request: pytest.FixtureRequest) -> Any:
    """The URL and ARN of an empty queue."""
    sqs = functions.cloud.clients.operator("sqs")
    url = sqs.create_queue(QueueName=f"queue-{abs(hash(request.node.name))}")["QueueUrl"]
    return url, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def send(functions: Any, name: str, event: Any) -> None:
    functions.client.invoke(FunctionName=name, InvocationType="Event", Payload=json.dumps(event).encode())


def received(functions: Any, url: str) -> Any:
    sqs = functions.cloud.clients.operator("sqs")
    return sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"]).get("Messages")


def test_an_event_that_fails_is_tried_again(functions: Any, tmp_path: Path, until: Any) -> None:
    file = tmp_path / "calls"
    send(functions, functions.create(COUNT), {"file": str(file), "failures": 2})
    assert until(lambda: file.exists() and file.stat().st_size == 3)


def test_an_event_that_fails_for_good_goes_to_the_dead_letters(
    functions: Any, queue: Any, tmp_path: Path, until: Any
) -> None:
    url, arn = queue
    event = {"file": str(tmp_path / "calls"), "failures": 9}
    send(functions, functions.create(COUNT, DeadLetterConfig={"TargetArn": arn}), event)
    [message] = until(lambda: received(functions, url))
    assert json.loads(message["Body"]) == event
    assert message["MessageAttributes"]["ErrorMessage"]["StringValue"] == "not yet"
    assert (tmp_path / "calls").stat().st_size == 3


def test_dead_letters_can_go_to_a_topic(functions: Any, queue: Any, tmp_path: Path, until: Any) -> None:
    url, arn = queue
    sns = functions.cloud.clients.operator("sns")
    topic = sns.create_topic(Name="dead-letters")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    event = {"file": str(tmp_path / "calls"), "failures": 9}
    send(functions, functions.create(COUNT, DeadLetterConfig={"TargetArn": topic}), event)
    [message] = until(lambda: received(functions, url))
    assert json.loads(json.loads(message["Body"])["Message"]) == event


def test_a_destination_gets_a_record_of_the_failure(functions: Any, queue: Any, tmp_path: Path, until: Any) -> None:
    url, arn = queue
    name, event = functions.create(COUNT), {"file": str(tmp_path / "calls"), "failures": 9}
    functions.client.put_function_event_invoke_config(
        FunctionName=name, MaximumRetryAttempts=1, DestinationConfig={"OnFailure": {"Destination": arn}}
    )
    send(functions, name, event)
    record = json.loads(until(lambda: received(functions, url))[0]["Body"])
    assert record["requestPayload"] == event
    assert record["responsePayload"]["errorType"] == "ValueError"
    assert record["requestContext"]["condition"] == "RetriesExhausted"
    assert record["requestContext"]["approximateInvokeCount"] == 2
    assert (tmp_path / "calls").stat().st_size == 2


def test_a_destination_that_is_gone_keeps_nothing_from_the_dead_letters(
    functions: Any, queue: Any, tmp_path: Path, until: Any
) -> None:
    url, arn = queue
    name, event = (
        functions.create(COUNT, DeadLetterConfig={"TargetArn": arn}),
        {"file": str(tmp_path / "calls"), "failures": 9},
    )
    functions.client.put_function_event_invoke_config(
        FunctionName=name, MaximumRetryAttempts=0, DestinationConfig={"OnFailure": {"Destination": f"{arn}-gone"}}
    )
    send(functions, name, event)
    [message] = until(lambda: received(functions, url))
    assert json.loads(message["Body"]) == event


def test_the_settings_of_events_are_kept(functions: Any) -> None:
    name, client = functions.create(COUNT), functions.client
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_function_event_invoke_config(FunctionName=name)
    client.put_function_event_invoke_config(FunctionName=name, MaximumRetryAttempts=0)
    kept = client.get_function_event_invoke_config(FunctionName=name)
    assert (kept["MaximumRetryAttempts"], kept["MaximumEventAgeInSeconds"]) == (0, 21_600)
    client.delete_function_event_invoke_config(FunctionName=name)
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_function_event_invoke_config(FunctionName=name)


def test_a_destination_for_successes_is_refused(functions: Any, queue: Any) -> None:
    with pytest.raises(functions.client.exceptions.InvalidParameterValueException, match="failed events"):
        functions.client.put_function_event_invoke_config(
            FunctionName=functions.create(COUNT), DestinationConfig={"OnSuccess": {"Destination": queue[1]}}
        )
