"""Step Functions' own integrations, with the services of the cloud."""

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from penstock.local.faults.fault import Fault
from penstock.local.service import AwsError

GET = "dynamodb:GetItem"


def task(resource: str, arguments: Any, **more: Any) -> Any:
    more.setdefault("End", True)
    return {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Arguments": arguments, **more}


def chain(*tasks: Any) -> Any:
    """States that follow each other."""
    states = {f"S{index}": {**one, "Next": f"S{index + 1}"} for index, one in enumerate(tasks)}
    for state in states.values():
        state.pop("End")
    return {**states, f"S{len(tasks)}": {"Type": "Succeed"}}


@pytest.fixture
def table(sfn: Any) -> str:
    name = f"table-{time.monotonic_ns()}"
    sfn.cloud.clients.operator("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return name


def test_an_item_is_put_updated_got_and_deleted(sfn: Any, table: str) -> None:
    key = {"TableName": table, "Key": {"k": {"S": "a"}}}
    update = {"UpdateExpression": "SET n = :n", "ExpressionAttributeValues": {":n": {"N": "2"}}}
    states = chain(
        task("dynamodb:putItem", {"TableName": table, "Item": {"k": {"S": "a"}, "n": {"N": "1"}}}),
        task("dynamodb:updateItem", {**key, **update}),
        task("dynamodb:getItem", key, Assign={"item": "{% $states.result.Item %}"}),
        task("dynamodb:deleteItem", key),
        task("dynamodb:getItem", key, Output=["{% $item.n.N %}", "{% $exists($states.result.Item) %}"]),
    )
    assert sfn.output(states) == ["2", False]


def test_a_condition_that_fails_has_its_name(sfn: Any, table: str) -> None:
    item = {"TableName": table, "Item": {"k": {"S": "a"}}, "ConditionExpression": "attribute_exists(k)"}
    execution = sfn.run({"Put": task("dynamodb:putItem", item)})
    assert execution["error"] == "DynamoDB.ConditionalCheckFailedException"
    assert "(Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ConditionalCheckFailed" in execution["cause"]
    execution = sfn.run({"Put": task("aws-sdk:dynamodb:putItem", item)})
    assert execution["error"] == "DynamoDb.ConditionalCheckFailedException"


@pytest.fixture
def take(table: str) -> Any:
    """A task that takes a lock whose owner has let it go, or has it no longer; another owner's is read."""
    free = "attribute_not_exists(#owner) OR #owner = :me OR #expires < :now"

    def taken(me: str, now: int, start: str) -> Any:
        return task(
            "dynamodb:updateItem",
            {
                "TableName": table,
                "Key": {"k": {"S": "an-endpoint"}},
                "UpdateExpression": "SET #owner = :me, #expires = :expires, #newest = :start",
                "ConditionExpression": f"({free}) AND (attribute_not_exists(#newest) OR #newest <= :start)",
                "ExpressionAttributeNames": {"#owner": "owner", "#expires": "expires", "#newest": "newest"},
                "ExpressionAttributeValues": {
                    ":me": {"S": me},
                    ":now": {"N": f"{{% $string({now}) %}}"},
                    ":expires": {"N": f"{{% $string({now} + 90) %}}"},
                    ":start": {"S": start},
                },
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            },
            Output="taken",
            Catch=[{"ErrorEquals": ["DynamoDB.ConditionalCheckFailedException"], "Output": "held", "Next": "Held"}],
        )

    return taken


@pytest.mark.parametrize(
    ("me", "now", "start", "outcome"),
    [
        ("another", 100, "2026-11-20T10:00:00Z", "held"),
        ("another", 900, "2026-11-20T10:00:00Z", "held"),  # as a text, 900 is more than 1090
        ("another", 1091, "2026-11-20T10:00:00Z", "taken"),
        ("another", 1091, "2026-11-20T09:00:00Z", "held"),
        ("the first", 1001, "2026-11-20T09:59:00Z", "taken"),
    ],
)
def test_a_lock_is_taken_once(sfn: Any, take: Any, me: str, now: int, start: str, outcome: str) -> None:
    held = {"Held": {"Type": "Succeed"}}
    assert sfn.output({"Take": take("the first", 1000, "2026-11-20T09:59:00Z"), **held}) == "taken"
    assert sfn.output({"Take": take(me, now, start), **held}) == outcome


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault("throttle", operation=GET), "DynamoDB.ProvisionedThroughputExceededException"),
        (Fault("error", operation=GET, code="InternalServerError"), "DynamoDB.InternalServerErrorException"),
        (Fault("deny", operation=GET), "DynamoDB.AmazonDynamoDBException"),
    ],
)
def test_an_error_of_dynamodb_has_the_name_that_aws_gives_it(sfn: Any, table: str, fault: Fault, error: str) -> None:
    sfn.cloud.faults.plan([fault])
    got = sfn.run({"Get": task("dynamodb:getItem", {"TableName": table, "Key": {"k": {"S": "a"}}})})
    sfn.cloud.faults.forget()
    assert got["error"] == error


def test_an_execution_is_looked_at_and_one_that_is_not_there_has_its_name(sfn: Any) -> None:
    look = task("aws-sdk:sfn:describeExecution", {"ExecutionArn": "{% $states.context.Execution.Id %}"})
    assert sfn.output({"Look": {**look, "Output": "{% $states.result.Status %}"}}) == "RUNNING"
    gone = {"ExecutionArn": "{% $states.context.Execution.Id & '-gone' %}"}
    assert sfn.run({"Look": {**look, "Arguments": gone}})["error"] == "Sfn.ExecutionDoesNotExistException"


def test_scaling_is_registered_and_what_is_not_there_has_its_name(sfn: Any) -> None:
    scaling = sfn.fake("application-autoscaling")
    scaling.answers["RegisterScalableTarget"] = lambda _: {"ScalableTargetARN": "arn:target"}
    target = {"ServiceNamespace": "sagemaker", "ResourceId": "endpoint/e/variant/main"}
    dimension = {"ScalableDimension": "sagemaker:variant:DesiredInstanceCount"}
    resource = "aws-sdk:applicationautoscaling:registerScalableTarget"
    made = sfn.output({"Register": task(resource, {**target, **dimension, "MinCapacity": 1, "MaxCapacity": 4})})
    assert made["ScalableTargetARN"] == "arn:target"

    def missing(_: Any) -> Any:
        raise AwsError("ObjectNotFoundException", "No scalable target registered.")

    scaling.answers["DeregisterScalableTarget"] = missing
    gone = sfn.run({"D": task("aws-sdk:applicationautoscaling:deregisterScalableTarget", {**target, **dimension})})
    assert gone["error"] == "ApplicationAutoScaling.ObjectNotFoundException"


def test_a_message_is_sent(sfn: Any) -> None:
    sqs = sfn.cloud.clients.operator("sqs")
    url = sqs.create_queue(QueueName=f"queue-{time.monotonic_ns()}")["QueueUrl"]
    result = sfn.output({"Send": task("sqs:sendMessage", {"QueueUrl": url, "MessageBody": {"a": [1]}})})
    assert result["SdkHttpMetadata"]["HttpStatusCode"] == 200
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    assert (message["MessageId"], json.loads(message["Body"])) == (result["MessageId"], {"a": [1]})


def test_a_queue_that_is_not_there_has_its_name(sfn: Any) -> None:
    arguments = {"QueueUrl": "http://localhost/123456789012/none", "MessageBody": "m"}
    assert sfn.run({"Send": task("sqs:sendMessage", arguments)})["error"] == "SQS.QueueDoesNotExistException"


def test_a_notification_is_published(sfn: Any) -> None:
    topic = sfn.cloud.clients.operator("sns").create_topic(Name="topic")["TopicArn"]
    result = sfn.output({"Publish": task("sns:publish", {"TopicArn": topic, "Message": {"a": 1}})})
    assert result["MessageId"]


def test_events_are_put_with_the_execution_among_their_resources(sfn: Any) -> None:
    events = sfn.fake("events")
    events.answers["PutEvents"] = lambda _: {"FailedEntryCount": 0, "Entries": [{"EventId": "e"}]}
    entry = {"Source": "mine", "DetailType": "Done", "Detail": {"a": 1}, "Resources": ["r"]}
    execution = sfn.run({"Put": task("events:putEvents", {"Entries": [entry]})})
    assert json.loads(execution["output"])["Entries"] == [{"EventId": "e"}]
    (asked,) = events.calls[-1][1]["Entries"]
    assert json.loads(asked["Detail"]) == {"a": 1}
    assert asked["Resources"] == ["r", execution["executionArn"], execution["stateMachineArn"]]
    del sfn.cloud.services["events"]


def test_an_entry_that_is_not_taken_fails_the_task(sfn: Any) -> None:
    events = sfn.fake("events")
    failed = {"ErrorCode": "InternalFailure", "ErrorMessage": "no"}
    events.answers["PutEvents"] = lambda _: {"FailedEntryCount": 1, "Entries": [failed]}
    entry = {"Source": "mine", "DetailType": "Done", "Detail": {}}
    execution = sfn.run({"Put": task("events:putEvents", {"Entries": [entry]})})
    assert execution["error"] == "EventBridge.FailedEntry"
    assert json.loads(execution["cause"])["Entries"] == [failed]
    del sfn.cloud.services["events"]


CHILD = {"Give": {"Type": "Pass", "Output": {"n": "{% $states.input.n + 1 %}"}, "End": True}}
BAD = {"Fail": {"Type": "Fail", "Error": "Bad"}}


class TestExecutionsWithinExecutions:
    """states:startExecution."""

    @staticmethod
    def start(sfn: Any, child: Any, suffix: str = "", **more: Any) -> Any:
        arguments = {"StateMachineArn": sfn.create(child), "Input": {"n": 1}}
        return {"Start": task(f"states:startExecution{suffix}", arguments, **more)}

    def test_it_is_started(self, sfn: Any) -> None:
        result = sfn.output(self.start(sfn, CHILD))
        assert json.loads(sfn.wait(result["ExecutionArn"])["output"]) == {"n": 2}

    def test_its_output_is_a_text(self, sfn: Any) -> None:
        result = sfn.output(self.start(sfn, CHILD, ".sync"))
        assert (result["Status"], json.loads(result["Output"])) == ("SUCCEEDED", {"n": 2})

    def test_its_output_is_json(self, sfn: Any) -> None:
        result = sfn.output(self.start(sfn, CHILD, ".sync:2"))
        assert (result["Input"], result["Output"]) == ({"n": 1}, {"n": 2})

    def test_one_that_fails_fails_the_task(self, sfn: Any) -> None:
        execution = sfn.run(self.start(sfn, BAD, ".sync:2"))
        assert execution["error"] == "States.TaskFailed"
        assert json.loads(execution["cause"])["Error"] == "Bad"

    def test_it_is_stopped_with_the_one_that_waits(self, sfn: Any) -> None:
        waiting = {"Wait": {"Type": "Wait", "Seconds": 600, "End": True}}
        arn = sfn.start(self.start(sfn, waiting, ".sync:2"))
        while "TaskSubmitted" not in (types := [event["type"] for event in sfn.history(arn)]):
            pass
        submitted = sfn.history(arn)[types.index("TaskSubmitted")]["taskSubmittedEventDetails"]
        child = json.loads(submitted["output"])["ExecutionArn"]
        sfn.client.stop_execution(executionArn=arn)
        assert sfn.wait(child)["status"] == "ABORTED"

    def test_a_name_that_is_taken_has_its_name(self, sfn: Any) -> None:
        arguments = {"StateMachineArn": sfn.create(CHILD), "Input": {"n": 1}, "Name": "taken"}
        sfn.output({"Start": task("states:startExecution.sync", arguments)})
        execution = sfn.run({"Start": task("states:startExecution", arguments)})
        assert execution["error"] == "StepFunctions.ExecutionAlreadyExistsException"


KINDS = [
    ("ProcessingJob", "processing-job"),
    ("TransformJob", "transform-job"),
    ("HyperParameterTuningJob", "hyper-parameter-tuning-job"),
]


@pytest.mark.parametrize(("kind", "word"), KINDS)
def test_every_kind_of_job_can_be_waited_for(sfn: Any, kind: str, word: str) -> None:
    sagemaker = sfn.fake("sagemaker")
    arn = f"arn:aws:sagemaker:us-east-1:123456789012:{word}/j"
    looks = ["InProgress"]
    sagemaker.answers[f"Create{kind}"] = lambda _: {f"{kind}Arn": arn}
    model = sfn.cloud.clients.operator("sagemaker").meta.service_model.operation_model(f"Create{kind}")
    arguments = {name: _least(model.input_shape.members[name]) for name in model.input_shape.required_members}
    described = {**_required(sfn, f"Describe{kind}"), f"{kind}Name": "j", f"{kind}Arn": arn}
    sagemaker.answers[f"Describe{kind}"] = lambda _: {**described, f"{kind}Status": looks.pop() if looks else "Failed"}
    execution = sfn.run({"Run": task(f"sagemaker:create{kind}.sync", {**arguments, f"{kind}Name": "j"})})
    assert execution["error"] == "States.TaskFailed", execution["cause"]
    assert json.loads(execution["cause"])[f"{kind}Status"] == "Failed"


def _required(sfn: Any, operation: str) -> Any:
    shape = sfn.cloud.clients.operator("sagemaker").meta.service_model.operation_model(operation).output_shape
    return {name: _least(shape.members[name]) for name in shape.required_members}


def _least(shape: Any) -> Any:
    """The smallest value of a shape that is valid."""
    kind = shape.type_name
    if kind == "structure":
        return {name: _least(shape.members[name]) for name in shape.required_members}
    if kind == "list":
        return [_least(shape.member)] * int(shape.metadata.get("min", 0))
    if kind in {"integer", "long"}:
        return int(shape.metadata.get("min", 1))
    if kind == "timestamp":
        return datetime(2026, 1, 1, tzinfo=UTC)
    texts = {"RoleArn": "arn:aws:iam::123456789012:role/execution-role", "S3Uri": "s3://bucket/key"}
    return shape.enum[0] if getattr(shape, "enum", None) else texts.get(shape.name, "x" * 2)
