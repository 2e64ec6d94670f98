"""Functions whose processes crash as planned."""

from pathlib import Path
from typing import Any

import pytest

from penstock.local.faults.plan import read_lines

WRITER = """
import boto3, os
def handler(event, context):
    open(event["file"], "a").write("handled ")
    s3 = boto3.client("s3")
    for _ in range(3):
        s3.list_buckets()
        open(event["file"], "a").write("called ")
    return "done"
"""
PLAIN = """
def handler(event, context):
    open(event["file"], "a").write("handled")
    return "done"
"""
MESSAGE = "Error: Runtime exited with error: signal: "


def crash(functions: Any, name: str, how: str) -> None:
    functions.cloud.faults.plan(read_lines([f"crash={name}:{how}"]))


@pytest.mark.parametrize(
    ("how", "left"),
    [
        ("before", ""),
        ("during", "handled "),
        ("during,call=2", "handled called "),
        ("after", "handled called called called "),
    ],
)
def test_a_hook_crashes_when_it_is_planned_to(functions: Any, tmp_path: Path, how: str, left: str) -> None:
    name, file = functions.create(WRITER), tmp_path / "file"
    crash(functions, name, how)
    answer = functions.invoke(name, {"file": str(file)})
    assert answer.error == "Unhandled"
    assert answer.payload["errorType"] == "Runtime.ExitError"
    assert MESSAGE in answer.payload["errorMessage"]
    assert (file.read_text() if file.exists() else "") == left


def test_the_next_invocation_has_a_new_process(functions: Any, tmp_path: Path) -> None:
    name, event = functions.create(PLAIN), {"file": str(tmp_path / "file")}
    functions.invoke(name, event)
    crash(functions, name, "before")
    assert functions.invoke(name, event).error == "Unhandled"
    assert functions.invoke(name, event).payload == "done"


def test_a_handler_that_makes_too_few_calls_crashes_at_its_end(functions: Any, tmp_path: Path) -> None:
    name, file = functions.create(PLAIN), tmp_path / "file"
    crash(functions, name, "during,call=2")
    assert functions.invoke(name, {"file": str(file)}).error == "Unhandled"
    assert file.read_text() == "handled"


def test_a_hook_can_crash_some_time_after_it_was_called(functions: Any) -> None:
    name = functions.create("import time\ndef handler(e, c):\n    time.sleep(60)\n")
    crash(functions, name, "during,seconds=0.05")
    assert functions.invoke(name).payload["errorType"] == "Runtime.ExitError"


def test_an_event_that_nobody_waits_for_is_handled_again(functions: Any, tmp_path: Path, until: Any) -> None:
    name, file = functions.create(PLAIN), tmp_path / "file"
    crash(functions, name, "after")
    functions.invoke(name, {"file": str(file)}, InvocationType="Event")
    assert until(lambda: file.exists() and file.read_text() == "handledhandled")
