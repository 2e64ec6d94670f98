"""Task tokens: a task waits until someone who was given its token says how it went."""

import base64
import binascii
import json
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from penstock.local import strict_json
from penstock.local.service import AwsError, JsonObject

_LOOK_SECONDS = 0.5


@dataclass
class Waiting:
    """A task that waits: `outcome` is what came, the request of SendTaskSuccess or SendTaskFailure."""

    token: str
    outcome: JsonObject | None = None
    heard: float = field(default_factory=time.monotonic)
    changed: threading.Event = field(default_factory=threading.Event)

    def wait(self, heartbeat_seconds: float | None, still: Callable[[], bool]) -> JsonObject | None:
        """Return what came, or None if nobody waits for it any more.

        Raises:
            TimeoutError: no heartbeat came in time.
        """
        while still():
            if self.outcome is not None:
                return self.outcome
            left = _LOOK_SECONDS
            if heartbeat_seconds is not None:
                left = min(left, self.heard + heartbeat_seconds - time.monotonic())
                if left <= 0:
                    raise TimeoutError
            self.changed.wait(left)
        return None


class Tokens:
    """The tasks that wait, by token."""

    def __init__(self, exists: Callable[[str], bool]) -> None:
        """Begin with none; `exists` says whether there is an execution of an ARN."""
        self._exists = exists
        self._waiting: dict[str, Waiting] = {}

    def open(self, execution_arn: str) -> Waiting:
        """Make a token."""
        token = base64.b64encode(json.dumps([execution_arn, str(uuid.uuid4())]).encode()).decode()
        waiting = self._waiting[token] = Waiting(token)
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
        if waiting is not None and waiting.outcome is None:
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
