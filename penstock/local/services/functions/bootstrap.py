"""The runtime of Python functions: runs in the function's own process, and calls its handler with one event at a time.

Usage: python -I -S bootstrap.py SOCKET PACKAGES

SOCKET is where the events come from and the answers go to, each one JSON document on a line of its own; what the
function prints goes where its output goes. PACKAGES is a folder of packages that Lambda has too: boto3.
It imports nothing of Penstock: the function must find only what it would find on AWS. For the same reason it runs
without `site`, and so without what was installed in editable form.
"""

import importlib
import json
import logging
import os
import socket
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any

Handler = Callable[[Any, "Context"], Any]


class Context:
    """What a handler is told about its invocation."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.aws_request_id: str = request["id"]
        self.invoked_function_arn: str = request["arn"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = None
        self.client_context = request.get("client_context")
        self._deadline: float = request["deadline"]

    def get_remaining_time_in_millis(self) -> int:
        """Return how long the handler may still run."""
        return max(0, int((self._deadline - time.time()) * 1000))


class _Failure(Exception):  # noqa: N818
    """An error that the runtime, not the function, gives a name to."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


class _Log(logging.Handler):
    """Writes log records as Lambda does, in the function's log format."""

    request_id = ""

    def emit(self, record: logging.LogRecord) -> None:
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        message = record.getMessage()
        if os.environ["AWS_LAMBDA_LOG_FORMAT"] == "JSON":
            fields = {"timestamp": f"{moment}Z", "level": record.levelname, "message": message, "logger": record.name}
            if record.exc_info and record.exc_info[0]:
                fields["errorType"] = record.exc_info[0].__name__
                fields["errorMessage"] = str(record.exc_info[1])
            print(json.dumps({**fields, "requestId": self.request_id}))  # noqa: T201
            return
        trace = f"\n{logging.Formatter().formatException(record.exc_info)}" if record.exc_info else ""
        milliseconds = f"{record.msecs:03.0f}"
        print(f"[{record.levelname}]\t{moment}.{milliseconds}Z\t{self.request_id}\t{message}{trace}")  # noqa: T201


def main(address: str, packages: str) -> int:
    """Load the handler, say so, and serve events until the other end closes."""
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    sys.path[:0] = [os.environ["LAMBDA_TASK_ROOT"]]
    sys.path.append(packages)
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(address)
        with connection.makefile("rwb") as channel:
            return _serve(channel)


def _serve(channel: Any) -> int:
    def send(answer: dict[str, Any]) -> None:
        sys.stdout.flush()
        channel.write(json.dumps(answer).encode() + b"\n")
        channel.flush()

    log = _Log()
    logging.getLogger().addHandler(log)
    try:
        handler = _load(os.environ["_HANDLER"])
    except Exception as error:
        send({"error": _described(error)})
        return 1
    send({"ready": True})
    for line in channel:
        request = json.loads(line)
        log.request_id = request["id"]
        send(_handle(handler, request))
    return 0


def _load(name: str) -> Handler:
    module_name, _, function = name.rpartition(".")
    if not module_name:
        raise _Failure("Runtime.MalformedHandlerName", f"Bad handler '{name}': not enough values to unpack")
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        message = f"Unable to import module '{module_name}': {error}"
        raise _Failure("Runtime.ImportModuleError", message) from error
    except SyntaxError as error:
        message = f"Syntax error in module '{module_name}': {error}"
        raise _Failure("Runtime.UserCodeSyntaxError", message) from error
    try:
        handler: Handler = getattr(module, function)
    except AttributeError as error:
        message = f"Handler '{function}' missing on module '{module_name}'"
        raise _Failure("Runtime.HandlerNotFound", message) from error
    return handler


def _handle(handler: Handler, request: dict[str, Any]) -> dict[str, Any]:
    try:
        result = handler(json.loads(request["event"]), Context(request))
    except Exception as error:
        return {"error": _described(error)}
    try:
        return {"result": json.dumps(result, allow_nan=False)}
    except (TypeError, ValueError) as error:
        failure = _Failure("Runtime.MarshalError", f"Unable to marshal response: {error}")
        return {"error": _described(failure)}


def _described(error: Exception) -> dict[str, Any]:
    """Return an error as Lambda reports it, and log it as Lambda does."""
    runtime = isinstance(error, _Failure)
    frames = (
        [] if runtime else [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != __file__]
    )
    described = {
        "errorMessage": str(error),
        "errorType": error.name if isinstance(error, _Failure) else type(error).__name__,
        "stackTrace": traceback.format_list(frames),
    }
    if os.environ["AWS_LAMBDA_LOG_FORMAT"] == "JSON":
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        print(json.dumps({"timestamp": moment, "log_level": "ERROR", **described}))  # noqa: T201
    else:
        print(f"[ERROR] {described['errorType']}: {error}\nTraceback (most recent call last):")  # noqa: T201
        print("".join(described["stackTrace"]), end="")  # noqa: T201
    return described


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
