"""Somebody who uses an endpoint all the time."""

import threading
import time
from types import TracebackType
from typing import Any, Self

_PAUSE_SECONDS = 0.05


class Probe:
    """Invokes an endpoint every 50 ms for as long as the `with` statement lasts; `failures` says what went wrong."""

    def __init__(self, runtime: Any, endpoint: str) -> None:
        self._runtime = runtime
        self._endpoint = endpoint
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._use, daemon=True)
        self.answers = 0
        self.failures: list[str] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _use(self) -> None:
        began = time.monotonic()
        while not self._over.wait(_PAUSE_SECONDS):
            try:
                answer = self._runtime.invoke_endpoint(
                    EndpointName=self._endpoint, ContentType="text/csv", Body=b"x\n1\n"
                )
                answer["Body"].read()
                self.answers += 1
            except Exception as error:
                self.failures.append(f"after {time.monotonic() - began:.2f} s: {error}")
