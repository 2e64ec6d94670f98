"""How tests wait for what comes by itself."""

import time
from collections.abc import Callable
from typing import Any

# Far more than it takes, also on a busy machine: only what never comes takes as long.
ENOUGH_SECONDS = 120


def until(found: Callable[[], Any]) -> Any:
    """Return what `found` finds, as soon as it finds something."""
    deadline = time.monotonic() + ENOUGH_SECONDS
    while not (result := found()):
        assert time.monotonic() < deadline, "nothing was found"
        time.sleep(0.01)
    return result
