"""What functions print, and what Lambda says around it."""

import json
import re
import time
from typing import Any

PRINT = """
import logging, subprocess
logging.getLogger().setLevel("INFO")
def handler(event, context):
    print("to standard output")
    logging.info("to %s", "the log")
    subprocess.run(["echo", "from a program"])
    if event:
        raise ValueError("wrong")
"""


def test_the_log_has_what_was_printed_between_start_and_report(functions: Any) -> None:
    lines = functions.run(PRINT).log.splitlines()
    request_id = lines[0].removeprefix("START RequestId: ").removesuffix(" Version: $LATEST")
    assert lines[1] == "to standard output"
    assert re.fullmatch(rf"\[INFO\]\t\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{{3}}Z\t{request_id}\tto the log", lines[2])
    assert lines[3:5] == ["from a program", f"END RequestId: {request_id}"]
    assert re.match(rf"REPORT RequestId: {request_id}\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms", lines[5])
    assert "Init Duration:" in lines[5]


def test_only_the_first_invocation_has_an_init_duration(functions: Any) -> None:
    name = functions.create(PRINT)
    functions.invoke(name)
    assert "Init Duration" not in functions.invoke(name).log


def test_an_exception_is_in_the_log(functions: Any) -> None:
    log = functions.run(PRINT, 1).log
    assert "[ERROR] ValueError: wrong\nTraceback (most recent call last):\n" in log
    assert 'raise ValueError("wrong")' in log


def test_a_log_of_json_is_json(functions: Any) -> None:
    lines = functions.run(PRINT, 1, LoggingConfig={"LogFormat": "JSON"}).log.splitlines()
    documents = [json.loads(line) for line in lines if line.startswith("{")]
    start, info, error, report = documents
    assert (start["type"], report["type"]) == ("platform.start", "platform.report")
    assert (info["level"], info["message"], info["requestId"]) == ("INFO", "to the log", start["record"]["requestId"])
    assert (error["errorType"], error["errorMessage"]) == ("ValueError", "wrong")
    assert report["record"]["status"] == "error"
    assert report["record"]["metrics"].keys() == {"durationMs", "billedDurationMs", "memorySizeMB", "initDurationMs"}


def test_the_log_is_in_cloudwatch(functions: Any, until: Any) -> None:
    name = functions.create(PRINT, LoggingConfig={"LogGroup": "/mine/logs"})
    functions.invoke(name)
    messages = until(lambda: functions.log_messages("/mine/logs"))
    assert "to standard output" in messages
    assert messages[-1].startswith("REPORT")


def test_the_log_is_in_a_file(functions: Any) -> None:
    name = functions.create(PRINT)
    functions.invoke(name)
    functions.invoke(name)
    [file] = (functions.cloud.work / "logs" / name).iterdir()
    assert file.read_text().count("to standard output") == 2


def test_a_function_whose_tracing_is_active_sends_traces(functions: Any, until: Any) -> None:
    name = functions.create(PRINT, TracingConfig={"Mode": "Active"})
    functions.invoke(name, 1)
    xray, now = functions.cloud.clients.operator("xray"), time.time()

    def segments() -> list[Any]:
        ids = xray.get_trace_summaries(StartTime=now - 60, EndTime=now + 60)["TraceSummaries"]
        found = xray.batch_get_traces(TraceIds=[one["Id"] for one in ids])["Traces"] if ids else []
        documents = [json.loads(segment["Document"]) for trace in found for segment in trace["Segments"]]
        return [document for document in documents if document["name"] == name]

    (segment,) = until(segments)
    assert segment["fault"]
    assert segment["aws"]["function_arn"].endswith(f":function:{name}")


def test_a_function_whose_tracing_is_not_active_sends_none(functions: Any, until: Any) -> None:
    name = functions.create(PRINT)
    functions.invoke(name)
    until(lambda: functions.log_messages(f"/aws/lambda/{name}"))
    calls = [json.loads(line) for line in functions.cloud.record.path.read_text().splitlines()]
    assert [call for call in calls if call["service"] == "xray" and call["caller"].endswith(f"/{name}")] == []
