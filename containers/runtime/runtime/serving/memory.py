"""Memory that the C library keeps after a large request, in case that another comes."""

import asyncio
import ctypes

QUIET_SECONDS = 1.0  # without a large request, until what it took is given back

_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # other C libraries than GNU's keep less


class Memory:
    """Gives back what large requests took, when none has come for a while: to do so takes milliseconds."""

    def __init__(self) -> None:
        self._timer: asyncio.TimerHandle | None = None

    def was_used(self) -> None:
        """Note that a large request was answered."""
        if self._timer is not None:
            self._timer.cancel()
        if _trim is not None:
            self._timer = asyncio.get_running_loop().call_later(QUIET_SECONDS, _trim, 0)
