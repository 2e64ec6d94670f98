"""Waiting for what a task has started."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from penstock.local.call_errors import passing
from penstock.local.service import JsonObject

# AWS learns from an event that it has ended. Looking is what we can do: often at first, then less and less.
_FIRST_LOOK_SECONDS, _LAST_LOOK_SECONDS, _SLOWER = 0.1, 1.0, 1.2
_STOP_TRIES = 5


Answer = TypeVar("Answer")


class AbandonedError(Exception):
    """Nobody waits any more: the task timed out, or the execution is over."""


def until(
    env: Any, *, look: Callable[[], JsonObject], over: Callable[[JsonObject], bool], stop: Callable[[], Any]
) -> JsonObject:
    """Look until what was started is over, and return it; `stop` it when nobody waits any more.

    Raises:
        AbandonedError: nobody waits any more.
    """
    seconds = _FIRST_LOOK_SECONDS
    while env.is_running():
        found = ask(look)
        if found and over(found[0]):
            return found[0]
        env.program_state_event.wait(seconds)
        seconds = min(seconds * _SLOWER, _LAST_LOOK_SECONDS)
    for _ in range(_STOP_TRIES):
        if ask(stop):  # whether it then stops is not looked at
            break
        time.sleep(seconds)
    raise AbandonedError


def ask(call: Callable[[], Answer]) -> tuple[Answer] | None:
    """Return the answer to a call of ours, which fails no task because the service is busy: None then."""
    try:
        return (call(),)
    except (ClientError, BotoCoreError) as error:
        if not passing(error):
            raise
    return None
