"""The metrics of a function: AWS/Lambda.

https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from penstock.local.services.cloudwatch import Metrics
from penstock.local.services.functions.sandbox import Answer

_NAMESPACE = "AWS/Lambda"
_MILLISECONDS = 1_000


class Measures:
    """What is measured of one function, and with it of all."""

    def __init__(self, metrics: Metrics, function: str) -> None:
        self._metrics = metrics
        self._dimensions: tuple[dict[str, str], ...] = ({"FunctionName": function}, {})
        self._lock = threading.Lock()
        self._running = 0

    @contextmanager
    def invocation(self) -> Iterator[Callable[[Answer], None]]:
        """Count an invocation while it runs; what is yielded takes how it ended."""
        with self._lock:
            self._running += 1
            running = self._running
        self.count("ConcurrentExecutions", running)
        self.count("Throttles", 0)
        try:
            yield self._ended
        finally:
            with self._lock:
                self._running -= 1

    def count(self, name: str, value: float = 1, unit: str = "Count") -> None:
        """Publish a measurement."""
        for dimensions in self._dimensions:
            self._metrics.add(_NAMESPACE, name, value, unit, dimensions)

    def _ended(self, answer: Answer) -> None:
        self.count("Invocations")
        self.count("Errors", 1 if answer.failed else 0)
        self.count("Duration", answer.seconds * _MILLISECONDS, "Milliseconds")
