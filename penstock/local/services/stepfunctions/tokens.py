"""Task tokens: a task waits until someone who was given its token says how it went."""

import base64
import binascii
import json
import math
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from penstock.local import strict_json
from penstock.local.service import AwsError, JsonObject

_LOOK_SECONDS = 0.5


class NoHeartbeatError(TimeoutError):
    """A task's token was not heard of for its HeartbeatSeconds."""


@dataclass
class Waiting:
    """A task that waits as long as it `still` does.

    `outcome` is what came, the request of SendTaskSuccess or SendTaskFailure.
    """

    token: str
    still: Callable[[], bool]
    outcome: JsonObject | None = None
    heard: float = field(default_factory=time.monotonic)
    changed: threading.Event = field(default_factory=threading.Event)

    def wait(self, seconds: float, heartbeat_seconds: float = math.inf) -> JsonObject | None:
        """Return what came, or None if nobody waits for it any more.

        Raises:
            TimeoutError: nothing came in so many seconds.
            NoHeartbeatError: no heartbeat came in time.
        """
        end = time.monotonic() + seconds
        while self.still():
            if self.outcome is not None:
                return self.outcome
            now = time.monotonic()
            if now >= self.heard + heartbeat_seconds:
                raise NoHeartbeatError
            if now >= end:
                raise TimeoutError
            self.changed.wait(min(_LOOK_SECONDS, end - now, self.heard + heartbeat_seconds - now))
        return None


class Tokens:
    """The tasks that wait, by token."""

    def __init__(self, exists: Callable[[str], bool]) -> None:
        """Begin with none; `exists` says whether there is an execution of an ARN."""
        self._exists = exists
        self._waiting: dict[str, Waiting] = {}

    def open(self, execution_arn: str, still: Callable[[], bool]) -> Waiting:
        """Make a token, for a task that `still` waits."""
        token = base64.b64encode(json.dumps([execution_arn, str(uuid.uuid4())]).encode()).decode()
        waiting = self._waiting[token] = Waiting(token, still)
        return waiting

    def close(self, waiting: Waiting) -> None:
        """Take in that nobody waits any more."""
        self._waiting.pop(waiting.token, None)

    def succeed(self, request: JsonObject) -> JsonObject:
        """Serve SendTaskSuccess."""
        try:
            strict_json.parse_shallow(request["output"])
        except ValueError as error:
            raise AwsError("InvalidOutput", f"Invalid Output: '{error}'") from error
        return self._settle(request)

    def fail(self, request: JsonObject) -> JsonObject:
        """Serve SendTaskFailure."""
        return self._settle(request)

    def heartbeat(self, request: JsonObject) -> JsonObject:
        """Serve SendTaskHeartbeat."""
        self._find(request["taskToken"]).heard = time.monotonic()
        return {}

    def _settle(self, request: JsonObject) -> JsonObject:
        waiting = self._find(request["taskToken"])
        waiting.outcome = request
        waiting.changed.set()
        return {}

    def _find(self, token: str) -> Waiting:
        waiting = self._waiting.get(token)
        if waiting is not None and waiting.outcome is None and waiting.still():
            return waiting
        if not self._exists(_execution_of(token)):
            raise AwsError("TaskDoesNotExist", "Task Does Not Exist: 'Provided task does not exist'")
        raise AwsError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")


def _execution_of(token: str) -> str:
    try:
        content: Any = json.loads(base64.b64decode(token, validate=True))
        return str(content[0])
    except (binascii.Error, ValueError, LookupError, TypeError) as error:
        raise AwsError("InvalidToken", "Invalid Token: 'Invalid token'") from error
