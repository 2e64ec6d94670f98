"""The runtime, in this process: what happens at the other end of the socket."""

import json
import logging
import socket
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from penstock.local.services.functions import bootstrap

VARIABLES = {
    "AWS_LAMBDA_FUNCTION_NAME": "f",
    "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
    "AWS_LAMBDA_LOG_GROUP_NAME": "g",
    "AWS_LAMBDA_LOG_STREAM_NAME": "s",
}
REQUEST = {"id": "request-1", "event": '{"a": 1}', "arn": "arn", "deadline": 0, "client_context": None}


class Runtime:
    """The bootstrap, running with a module of one handler."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder, self._monkeypatch = folder, monkeypatch
        self._code: list[int] = []

    def start(self, code: str, *, handler: str = "", log_format: str = "Text") -> Any:
        """Start, and return the first thing that it says."""
        module = f"app_{abs(hash((code, str(self._folder))))}"
        (self._folder / f"{module}.py").write_text(code)
        settings = {"LAMBDA_TASK_ROOT": str(self._folder), "AWS_LAMBDA_LOG_FORMAT": log_format}
        for name, value in {**VARIABLES, **settings, "_HANDLER": handler or f"{module}.handler"}.items():
            self._monkeypatch.setenv(name, value)
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(self._folder / "s"))
            listening.listen(1)
            arguments = (str(self._folder / "s"), str(self._folder))
            self.thread = threading.Thread(target=lambda: self._code.append(bootstrap.main(*arguments)))
            self.thread.start()
            self.connection = listening.accept()[0]
        self._channel: Any = self.connection.makefile("rwb")
        return json.loads(self._channel.readline())

    def ask(self, **more: Any) -> Any:
        self._channel.write(json.dumps({**REQUEST, **more}).encode() + b"\n")
        self._channel.flush()
        return json.loads(self._channel.readline())

    def stop(self) -> int:
        self._channel.close()
        self.connection.close()
        self.thread.join(5)
        return self._code[0]


@pytest.fixture
def runtime(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Runtime:
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(logging.getLogger(), "handlers", [*logging.getLogger().handlers])
    return Runtime(tmp_path_factory.mktemp("r"), monkeypatch)


def test_it_answers_until_the_other_end_closes(runtime: Runtime) -> None:
    assert runtime.start("def handler(event, context): return [event, context.aws_request_id]") == {"ready": True}
    assert runtime.ask() == {"result": '[{"a": 1}, "request-1"]'}
    assert runtime.ask(event="null") == {"result": '[null, "request-1"]'}
    assert runtime.stop() == 0


def test_it_tells_what_is_left_of_the_time(runtime: Runtime) -> None:
    runtime.start("def handler(event, context): return context.get_remaining_time_in_millis()")
    assert runtime.ask(deadline=0) == {"result": "0"}
    assert int(runtime.ask(deadline=2**33)["result"]) > 1_000_000
    runtime.stop()


def test_it_reports_an_exception_without_its_own_frames(runtime: Runtime, capsys: pytest.CaptureFixture[str]) -> None:
    runtime.start("def handler(event, context):\n    raise KeyError('nothing')\n")
    error = runtime.ask()["error"]
    assert (error["errorType"], error["errorMessage"], len(error["stackTrace"])) == ("KeyError", "'nothing'", 1)
    runtime.stop()
    assert "[ERROR] KeyError: 'nothing'\nTraceback (most recent call last):\n" in capsys.readouterr().out


@pytest.mark.parametrize("result", ["{1}", "float('nan')"])
def test_it_reports_a_result_that_is_no_json(runtime: Runtime, result: str) -> None:
    runtime.start(f"def handler(event, context): return {result}")
    assert runtime.ask()["error"]["errorType"] == "Runtime.MarshalError"
    runtime.stop()


@pytest.mark.parametrize(
    ("code", "handler", "error"),
    [
        ("import nothing_of_the_kind", "", "Runtime.ImportModuleError"),
        ("def handler(", "", "Runtime.UserCodeSyntaxError"),
        ("", "", "Runtime.HandlerNotFound"),
        ("", "handler", "Runtime.MalformedHandlerName"),
        ("1 / 0", "", "ZeroDivisionError"),
    ],
)
def test_it_says_what_it_could_not_load(runtime: Runtime, code: str, handler: str, error: str) -> None:
    assert runtime.start(code, handler=handler)["error"]["errorType"] == error
    assert runtime.stop() == 1


LOG = """
import logging
def handler(event, context):
    logging.warning("number %d", 5)
    try:
        1 / 0
    except ZeroDivisionError:
        logging.exception("went wrong")
"""


def test_it_logs_text(runtime: Runtime, capsys: pytest.CaptureFixture[str]) -> None:
    runtime.start(LOG)
    runtime.ask()
    runtime.stop()
    first, second, *trace = capsys.readouterr().out.splitlines()
    assert first.startswith("[WARNING]\t")
    assert first.endswith("\trequest-1\tnumber 5")
    assert second.endswith("\trequest-1\twent wrong")
    assert trace[-1] == "ZeroDivisionError: division by zero"


def test_it_logs_json(runtime: Runtime, capsys: pytest.CaptureFixture[str]) -> None:
    runtime.start(LOG, log_format="JSON")
    runtime.ask()
    runtime.stop()
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (first["level"], first["message"], first["requestId"]) == ("WARNING", "number 5", "request-1")
    assert (second["errorType"], second["errorMessage"]) == ("ZeroDivisionError", "division by zero")
