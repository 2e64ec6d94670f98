"""What is measured of functions: AWS/Lambda."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from penstock.local.services.cloudwatch.metrics import Metric
from penstock.local.services.cloudwatch.samples import Samples, merged

FAILS = "def handler(event, context): raise ValueError('no')"
WAITS = """
import pathlib, time
def handler(event, context):
    pathlib.Path(event["came"]).touch()
    while not pathlib.Path(event["go"]).exists():
        time.sleep(0.01)
"""


def measured(functions: Any, name: str, metric: str, **dimensions: str) -> Samples:
    of = Metric.of("AWS/Lambda", metric, dimensions or {"FunctionName": name})
    return merged(functions.metrics.read(of, 0, 2**40, 2**40).values())


def test_an_invocation_is_counted_with_its_duration(functions: Any) -> None:
    name = functions.create("import time\ndef handler(event, context): time.sleep(0.05)")
    for _ in range(2):
        functions.invoke(name)
    assert measured(functions, name, "Invocations").sum == 2
    errors = measured(functions, name, "Errors")
    assert (errors.count, errors.sum) == (2, 0)
    duration = measured(functions, name, "Duration")
    assert duration.count == 2
    assert 50 <= duration.minimum < 5_000
    assert functions.metrics.units(Metric.of("AWS/Lambda", "Duration", {"FunctionName": name})) == ["Milliseconds"]
    assert measured(functions, name, "Throttles").statistic("Sum") == 0


def test_an_error_is_counted_for_the_function_and_for_all(functions: Any) -> None:
    all_functions = Metric("AWS/Lambda", "Errors")
    before = merged(functions.metrics.read(all_functions, 0, 2**40, 2**40).values()).sum
    name = functions.create(FAILS)
    assert functions.invoke(name).error == "Unhandled"
    assert measured(functions, name, "Errors").sum == 1
    assert merged(functions.metrics.read(all_functions, 0, 2**40, 2**40).values()).sum == before + 1


def test_concurrent_executions_are_those_at_a_time(functions: Any, tmp_path: Path, until: Any) -> None:
    name, go = functions.create(WAITS), tmp_path / "go"
    threads = [
        threading.Thread(target=functions.invoke, args=(name, {"came": str(tmp_path / f"{number}"), "go": str(go)}))
        for number in range(2)
    ]
    for number, thread in enumerate(threads):
        thread.start()
        until((tmp_path / f"{number}").exists)
    go.touch()
    for thread in threads:
        thread.join()
    functions.invoke(name, {"came": str(tmp_path / "last"), "go": str(go)})
    concurrent = measured(functions, name, "ConcurrentExecutions")
    assert (concurrent.count, concurrent.maximum, concurrent.minimum) == (3, 2, 1)


@pytest.mark.parametrize(
    ("metric", "settings", "event_invoke"),
    [
        ("DeadLetterErrors", {"DeadLetterConfig": {"TargetArn": "arn:aws:sqs:us-east-1:123456789012:gone"}}, {}),
        (
            "DestinationDeliveryFailures",
            {},
            {"DestinationConfig": {"OnFailure": {"Destination": "arn:aws:sqs:us-east-1:123456789012:gone"}}},
        ),
    ],
)
def test_events_that_come_to_nothing_are_counted(
    functions: Any, metric: str, settings: Any, event_invoke: Any, until: Any
) -> None:
    name = functions.create(FAILS, **settings)
    functions.client.put_function_event_invoke_config(FunctionName=name, MaximumRetryAttempts=0, **event_invoke)
    functions.client.invoke(FunctionName=name, InvocationType="Event", Payload=json.dumps({}).encode())
    until(lambda: measured(functions, name, metric).sum == 1)
    assert measured(functions, name, "AsyncEventsReceived").sum == 1
    assert measured(functions, name, "AsyncEventsDropped").sum == 1
