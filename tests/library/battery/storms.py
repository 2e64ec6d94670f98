"""Cases of too much: of the same event, of data, of events."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from battery.case import Case

if TYPE_CHECKING:
    from battery.world import World

_DUPLICATES, _OBJECTS, _EVENTS, _AT_ONCE = 100, 1000, 1000, 8
_BATCH = 10  # PutEvents takes no more


def cases() -> Iterator[Case]:
    """Yield each of them, as something that is done during a run."""
    yield Case("the same event 100 times", meanwhile=_start_again)
    yield Case("1,000 objects of data", before=_many_objects, data="tiny/many/")
    yield Case(
        "1,001 objects of data",
        before=_too_many_objects,
        data="tiny/many/",
        status="FAILED",
        error="InvalidInput",
        at="Prepare",
    )
    yield Case("1,000 events during a run", meanwhile=_storm)


def _start_again(world: "World", arn: str) -> None:
    """Ask for the same execution again and again: each answer is the same one."""
    states, name = world.client("stepfunctions"), arn.rpartition(":")[2]
    request = {"stateMachineArn": world.machine, "name": name, "input": world.input({})}

    def start(_number: int) -> str:
        try:
            return str(states.start_execution(**request)["executionArn"])
        except states.exceptions.ExecutionAlreadyExists:
            return arn  # it has ended meanwhile

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        assert set(pool.map(start, range(_DUPLICATES))) == {arn}
    listed = states.list_executions(stateMachineArn=world.machine)["executions"]
    assert [execution["name"] for execution in listed].count(name) == 1


def _many_objects(world: "World", _run: str) -> None:
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(world.put_data, (f"tiny/many/{number:04}.csv" for number in range(_OBJECTS))))


def _too_many_objects(world: "World", run: str) -> None:
    _many_objects(world, run)
    world.put_data("tiny/many/one-more.csv")


def _storm(world: "World", _arn: str) -> None:
    """Send events that a rule takes to a queue: each arrives once."""
    events, sqs = world.client("events"), world.client("sqs")
    queue = sqs.create_queue(QueueName="storm")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    statement = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage"}
    policy = {"Version": "2012-10-17", "Statement": [statement | {"Resource": arn}]}
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": json.dumps(policy)})
    events.put_rule(Name="storm", EventPattern=json.dumps({"source": ["weather"]}))
    events.put_targets(Rule="storm", Targets=[{"Id": "queue", "Arn": arn}])
    for first in range(0, _EVENTS, _BATCH):
        batch: list[dict[str, Any]] = [
            {"Source": "weather", "DetailType": "Rain", "Detail": json.dumps({"drop": number})}
            for number in range(first, first + _BATCH)
        ]
        assert events.put_events(Entries=batch)["FailedEntryCount"] == 0
    drops: list[int] = []
    while len(drops) < _EVENTS:
        messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=10).get("Messages", [])
        assert messages, f"{_EVENTS - len(drops)} events did not arrive"
        drops += [json.loads(message["Body"])["detail"]["drop"] for message in messages]
        for message in messages:
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    assert sorted(drops) == list(range(_EVENTS))
    events.remove_targets(Rule="storm", Ids=["queue"])
    events.delete_rule(Name="storm")
