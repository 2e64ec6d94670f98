"""Tasks that wait for their token."""

import json
import threading
import time
from typing import Any

import pytest

from penstock.local.service import AwsError
from penstock.local.services.stepfunctions.tokens import Tokens

PAYLOAD = {"token": "{% $states.context.Task.Token %}"}


class Handed:
    """Where the tokens of tasks are handed to."""

    def __init__(self, sfn: Any) -> None:
        self.sfn = sfn
        self.sqs = sfn.cloud.clients.operator("sqs")
        self.sns = sfn.cloud.clients.operator("sns")
        self.url = self.sqs.create_queue(QueueName=f"tokens-{time.monotonic_ns()}")["QueueUrl"]

    def arguments(self) -> Any:
        return {"QueueUrl": self.url, "MessageBody": PAYLOAD}

    def token(self) -> str:
        deadline = time.monotonic() + 10
        while not (messages := self.sqs.receive_message(QueueUrl=self.url).get("Messages", [])):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=messages[0]["ReceiptHandle"])
        return str(json.loads(messages[0]["Body"])["token"])


@pytest.fixture
def handed(sfn: Any) -> Handed:
    return Handed(sfn)


def task(resource: str, arguments: Any, **more: Any) -> Any:
    resource = f"arn:aws:states:::{resource}.waitForTaskToken"
    return {"Wait": {"Type": "Task", "Resource": resource, "Arguments": arguments, "End": True, **more}}


@pytest.mark.parametrize("resource", ["sqs:sendMessage", "aws-sdk:sqs:sendMessage"])
def test_a_message_may_carry_the_token(sfn: Any, handed: Handed, resource: str) -> None:
    arguments = handed.arguments()
    if resource.startswith("aws-sdk"):
        arguments["MessageBody"] = "{% $string({'token': $states.context.Task.Token}) %}"
    arn = sfn.start(task(resource, arguments))
    sfn.client.send_task_success(taskToken=handed.token(), output='{"fine": true}')
    assert json.loads(sfn.wait(arn)["output"]) == {"fine": True}
    types = [event["type"] for event in sfn.history(arn)]
    assert types[2:6] == ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]


def test_a_notification_may_carry_the_token(sfn: Any, handed: Handed) -> None:
    topic = handed.sns.create_topic(Name="tokens")["TopicArn"]
    arn = sfn.start(task("sns:publish", {"TopicArn": topic, "Message": PAYLOAD}))
    while "TaskSubmitted" not in [event["type"] for event in sfn.history(arn)]:
        pass
    (scheduled,) = (event for event in sfn.history(arn) if event["type"] == "TaskScheduled")
    token = json.loads(scheduled["taskScheduledEventDetails"]["parameters"])["Message"]["token"]
    sfn.client.send_task_failure(taskToken=token, error="No", cause="because")
    execution = sfn.wait(arn)
    assert (execution["status"], execution["error"], execution["cause"]) == ("FAILED", "No", "because")


def test_a_function_may_be_handed_the_token(sfn: Any) -> None:
    functions = sfn.fake("lambda")
    functions.answers["Invoke"] = lambda _: {"StatusCode": 200, "Payload": b'"asked"'}
    arn = sfn.start(task("lambda:invoke", {"FunctionName": "ask", "Payload": PAYLOAD}))
    while "TaskSubmitted" not in [event["type"] for event in sfn.history(arn)]:
        time.sleep(0.01)
    ((_, request, _),) = functions.calls
    sfn.client.send_task_success(taskToken=json.loads(request["Payload"])["token"], output='{"approved": true}')
    assert json.loads(sfn.wait(arn)["output"]) == {"approved": True}


def test_a_function_that_fails_has_nobody_wait(sfn: Any) -> None:
    functions = sfn.fake("lambda")
    failed = {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": b'{"errorType": "KeyError"}'}
    functions.answers["Invoke"] = lambda _: failed
    ended = sfn.run(task("lambda:invoke", {"FunctionName": "ask", "Payload": PAYLOAD}, TimeoutSeconds=600))
    assert (ended["status"], ended["error"]) == ("FAILED", "KeyError")


def test_heartbeats_keep_it_waiting(sfn: Any, handed: Handed) -> None:
    arn = sfn.start(task("sqs:sendMessage", handed.arguments(), HeartbeatSeconds=4))
    token = handed.token()
    for _ in range(6):
        time.sleep(0.8)  # 4.8 s in all: longer than one heartbeat, with margin for a busy machine
        sfn.client.send_task_heartbeat(taskToken=token)
    sfn.client.send_task_success(taskToken=token, output="1")
    assert sfn.wait(arn)["status"] == "SUCCEEDED"


def test_without_a_heartbeat_it_times_out_and_can_be_caught(sfn: Any, handed: Handed) -> None:
    catch = [{"ErrorEquals": ["States.Timeout"], "Output": "{% $states.errorOutput.Error %}", "Next": "Late"}]
    states = task("sqs:sendMessage", handed.arguments(), HeartbeatSeconds=1, Catch=catch)
    assert sfn.output({**states, "Late": {"Type": "Succeed"}}) == "States.HeartbeatTimeout"


def test_nobody_answers_within_the_clouds_hours_and_then_it_is_too_late(small_cloud: Any, make_service: Any) -> None:
    fast = make_service(small_cloud, speed=100_000)
    handed = Handed(fast)
    catch = [{"ErrorEquals": ["States.Timeout"], "Assign": {"why": "{% $states.errorOutput.Error %}"}, "Next": "Late"}]
    late = {"Type": "Pass", "Output": "{% $why %}", "End": True}
    states = task("sqs:sendMessage", handed.arguments(), TimeoutSeconds=36_000, HeartbeatSeconds=600, Catch=catch)
    arn = fast.start({**states, "Late": late})
    token = handed.token()
    assert json.loads(fast.wait(arn)["output"]) == "States.Timeout"
    with pytest.raises(fast.client.exceptions.TaskTimedOut):
        fast.client.send_task_success(taskToken=token, output="1")


def test_each_attempt_has_a_token_of_its_own(sfn: Any, handed: Handed) -> None:
    retry = [{"ErrorEquals": ["No"], "IntervalSeconds": 1, "MaxAttempts": 1}]
    arn = sfn.start(task("sqs:sendMessage", handed.arguments(), Retry=retry))
    first = handed.token()
    sfn.client.send_task_failure(taskToken=first, error="No")
    second = handed.token()
    assert second != first
    with pytest.raises(sfn.client.exceptions.TaskTimedOut):
        sfn.client.send_task_success(taskToken=first, output="1")
    sfn.client.send_task_success(taskToken=second, output="2")
    assert sfn.wait(arn)["output"] == "2"


def test_a_token_is_good_for_one_answer(sfn: Any, handed: Handed) -> None:
    arn = sfn.start(task("sqs:sendMessage", handed.arguments()))
    token = handed.token()
    sfn.client.send_task_success(taskToken=token, output="1")
    sfn.wait(arn)
    with pytest.raises(sfn.client.exceptions.TaskTimedOut, match="does not exist anymore"):
        sfn.client.send_task_heartbeat(taskToken=token)


def test_nobody_waits_for_a_token_whose_task_is_over() -> None:
    tokens, over = Tokens(exists=lambda _: True), threading.Event()
    waiting = tokens.open("arn:execution", lambda: not over.is_set())
    tokens.heartbeat({"taskToken": waiting.token})
    over.set()
    with pytest.raises(AwsError, match="TaskTimedOut"):
        tokens.succeed({"taskToken": waiting.token, "output": "1"})
    assert waiting.wait(60) is None


def test_what_is_no_token_is_refused(sfn: Any) -> None:
    with pytest.raises(sfn.client.exceptions.InvalidToken):
        sfn.client.send_task_success(taskToken="nonsense", output="1")


def test_a_token_of_nothing_here_is_refused(sfn: Any) -> None:
    stranger = "WyJhcm46b3RoZXIiLCAidSJd"  # of an execution arn:other
    with pytest.raises(sfn.client.exceptions.TaskDoesNotExist):
        sfn.client.send_task_failure(taskToken=stranger)


def test_an_output_that_is_no_json_is_refused(sfn: Any, handed: Handed) -> None:
    arn = sfn.start(task("sqs:sendMessage", handed.arguments()))
    with pytest.raises(sfn.client.exceptions.InvalidOutput):
        sfn.client.send_task_success(taskToken=handed.token(), output="{")
    sfn.client.stop_execution(executionArn=arn)
