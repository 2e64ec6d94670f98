"""A function: its configuration, and the processes that run it."""

import json
import os
import threading
import uuid
from dataclasses import dataclass, replace
from pathlib import Path

from botocore.exceptions import ClientError

from penstock.local.clients import Clients
from penstock.local.faults import Faults
from penstock.local.service import AwsError, JsonObject
from penstock.local.services.cloudwatch import Metrics
from penstock.local.services.functions import crash, tracing
from penstock.local.services.functions.configuration import PRINCIPAL, Configuration
from penstock.local.services.functions.logs import Batch, Shipper, Stream, tail
from penstock.local.services.functions.measures import Measures
from penstock.local.services.functions.permissions import Policy
from penstock.local.services.functions.sandbox import Answer, Sandbox

_MOST_ANSWER_BYTES = 6_291_556


@dataclass(frozen=True)
class Invocation:
    """What an invocation gave; `log` is the end of what it printed."""

    request_id: str
    payload: bytes
    failed: bool
    log: bytes


@dataclass(frozen=True)
class _Warm:
    """A process that waits, and the configuration that it was started with."""

    sandbox: Sandbox
    stream: Stream
    configuration: Configuration


class Function:
    """A function; as many processes as it has invocations at a time, each one used again while it lives."""

    def __init__(
        self,
        configuration: Configuration,
        *,
        clients: Clients,
        logs: Path,
        shipper: Shipper,
        faults: Faults,
        metrics: Metrics,
    ) -> None:
        self.configuration = configuration
        self.policy = Policy(configuration.arn)
        self.tags: dict[str, str] = {}
        self.measures = Measures(metrics, configuration.name)
        self.event_invoke: JsonObject | None = None
        self._clients = clients
        self._logs = logs
        self._shipper = shipper
        self._faults = faults
        self._lock = threading.Lock()
        self._all: set[Sandbox] = set()
        self._idle: list[_Warm] = []
        self._closed = False

    def update(self, configuration: Configuration) -> None:
        """Run with another configuration from now on; what runs ends as it began."""
        with self._lock:
            self.configuration = configuration
            stale, self._idle = self._idle, []
        for warm in stale:
            self._stop(warm)

    def invoke(self, event: str, *, client_context: JsonObject | None = None) -> Invocation:
        """Call the handler with an event, a JSON document, and wait for what comes out."""
        with self.measures.invocation() as measured:
            request_id = str(uuid.uuid4())
            warm = self._take()
            configuration, stream = warm.configuration, warm.stream
            stream.starts(request_id)
            request = {"id": request_id, "event": event, "arn": configuration.arn, "client_context": client_context}
            answer = crash.invoke(
                warm.sandbox, request, configuration["Timeout"], function=configuration.name, faults=self._faults
            )
            answer = _within_limit(answer)
            measured(answer)
            stream.ended(request_id, answer, memory_mb=configuration["MemorySize"])
            lines = stream.new_lines()
            self._ship(warm, lines, tracing.segment(configuration, request_id, answer))
            self._give_back(warm, usable=answer.usable)
        return Invocation(request_id, answer.payload, answer.failed, tail(lines))

    def close(self) -> None:
        """End every process; an invocation that is under way fails."""
        with self._lock:
            self._closed = True
            sandboxes = [*self._all]
        for sandbox in sandboxes:
            sandbox.stop()

    def _take(self) -> _Warm:
        while True:
            with self._lock:
                warm = self._idle.pop() if self._idle else None
            if warm is None:
                return self._start()
            if warm.sandbox.alive:
                return warm
            self._stop(warm)

    def _start(self) -> _Warm:
        configuration = self.configuration
        stream = Stream(self._logs, json_format=configuration.logs_json)
        sandbox = Sandbox(env=self._environment(configuration, stream), code=configuration.code.folder, log=stream.path)
        with self._lock:
            self._all.add(sandbox)
            closed = self._closed
        if closed:
            sandbox.stop()
        return _Warm(sandbox, stream, configuration)

    def _give_back(self, warm: _Warm, *, usable: bool) -> None:
        with self._lock:
            if usable and warm.configuration is self.configuration and not self._closed:
                self._idle.append(warm)
                return
        self._stop(warm)

    def _stop(self, warm: _Warm) -> None:
        warm.sandbox.stop()
        with self._lock:
            self._all.discard(warm.sandbox)

    def _ship(self, warm: _Warm, lines: list[str], segment: JsonObject | None) -> None:
        self._shipper.put(Batch(warm.configuration, warm.stream.name, lines, segment))

    def _environment(self, configuration: Configuration, stream: Stream) -> dict[str, str]:
        """Return what Lambda documents, and the function's own variables; nothing of whoever started the cloud."""
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "en_US.UTF-8",
            "TZ": ":UTC",
            "_HANDLER": configuration["Handler"],
            "LAMBDA_TASK_ROOT": str(configuration.code.folder),
            "LAMBDA_RUNTIME_DIR": str(Path(__file__).parent),
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{configuration['Runtime']}",
            "AWS_LAMBDA_FUNCTION_NAME": configuration.name,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(configuration["MemorySize"]),
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_FORMAT": configuration["LoggingConfig"]["LogFormat"],
            "AWS_LAMBDA_LOG_GROUP_NAME": configuration.log_group,
            "AWS_LAMBDA_LOG_STREAM_NAME": stream.name,
            # Lambda has no such files, and here they would be the user's.
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            **self._credentials(configuration),
            **configuration.variables,
        }

    def _credentials(self, configuration: Configuration) -> dict[str, str]:
        role, source = configuration["Role"], configuration.arn
        try:
            return self._clients.role_environment(role, session=configuration.name, by=PRINCIPAL, source=source)
        except ClientError as error:
            message = f"The role defined for the function cannot be assumed by Lambda. ({error})"
            raise AwsError("AccessDeniedException", message, 403) from error


def _within_limit(answer: Answer) -> Answer:
    if len(answer.payload) <= _MOST_ANSWER_BYTES:
        return answer
    message = f"Response payload size exceeded maximum allowed payload size ({_MOST_ANSWER_BYTES} bytes)."
    error = json.dumps({"errorType": "Function.ResponseSizeTooLarge", "errorMessage": message})
    return replace(answer, payload=error.encode(), failed=True)
