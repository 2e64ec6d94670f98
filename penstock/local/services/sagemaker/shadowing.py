"""Copies of requests for shadow variants: their answers are dropped, and their failures reach nobody."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor

from penstock.local.service import AwsError, JsonObject
from penstock.local.services.sagemaker.exchange import Exchange
from penstock.local.services.sagemaker.loan import Loan

_AT_ONCE = 8
_MOST_WAITING = 256


class Shadowing:
    """Sends copies in the background; when too many wait, as the shadow variant is slow, the next ones are left out."""

    def __init__(self, exchange: Exchange, timeout: float) -> None:
        self._exchange = exchange
        self._timeout = timeout
        self._room = threading.BoundedSemaphore(_MOST_WAITING)
        self._pool = ThreadPoolExecutor(_AT_ONCE, "SageMaker: shadow")

    def send(self, loan: Loan, request: JsonObject) -> None:
        """Send a copy soon, to what was lent for it."""
        if self._room.acquire(blocking=False):
            try:
                self._pool.submit(self._ask, loan, request)
            except RuntimeError:  # the cloud closes
                self._room.release()
            else:
                return
        loan.end()

    def close(self) -> None:
        """Send no more; what is under way ends with its instance."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _ask(self, loan: Loan, request: JsonObject) -> None:
        try:
            with contextlib.suppress(AwsError):
                self._exchange.ask(loan, request, self._timeout)
        finally:
            self._room.release()
