"""What CloudWatch has of one request to an endpoint.

https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
"""

import http.client
import time
from collections.abc import Iterator
from contextlib import contextmanager

from penstock.local.service import AwsError
from penstock.local.services.cloudwatch import Metrics
from penstock.local.services.sagemaker.endpoint import Endpoint
from penstock.local.services.sagemaker.instance import Instance
from penstock.local.services.sagemaker.loan import Loan
from penstock.local.services.sagemaker.variant import Variant

_NAMESPACE = "AWS/SageMaker"
_MICROSECONDS = 1_000_000


class Invocation:
    """One request, timed from when it is made."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._began = time.perf_counter()
        self._model_seconds = 0.0

    @contextmanager
    def setup(self, loan: Loan) -> Iterator[Instance]:
        """Lend the instance, and time its start where a request has to wait for that.

        Raises:
            AwsError: ModelError, it does not start.
        """
        cold, began = loan.instance is None, time.perf_counter()
        with loan as instance:
            if cold:
                seconds = time.perf_counter() - began
                dimensions = _dimensions(loan.endpoint, loan.variant)
                self._metrics.add(_NAMESPACE, "ModelSetupTime", seconds * _MICROSECONDS, "Microseconds", dimensions)
            yield instance

    @contextmanager
    def model(self) -> Iterator[None]:
        """Time what the container takes."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self._model_seconds = time.perf_counter() - began

    @contextmanager
    def of(self, endpoint: Endpoint, variant: Variant) -> Iterator[None]:
        """Count the request for a variant, and how it ended."""
        status = http.client.OK
        try:
            yield
        except AwsError as error:
            # What the model answered; without an answer, what the caller gets: a fault of the server.
            status = error.members.get("OriginalStatusCode") or http.client.INTERNAL_SERVER_ERROR
            raise
        finally:
            self._count(endpoint, variant, status)

    def _count(self, endpoint: Endpoint, variant: Variant, status: int) -> None:
        of_client = http.client.BAD_REQUEST <= status < http.client.INTERNAL_SERVER_ERROR
        total = time.perf_counter() - self._began
        counts = {
            "Invocations": 1.0,
            "InvocationsPerInstance": 1 / max(len(variant.instances), 1),
            "Invocation4XXErrors": float(of_client),
            "Invocation5XXErrors": float(status >= http.client.INTERNAL_SERVER_ERROR),
            "InvocationModelErrors": float(status >= http.client.BAD_REQUEST),
        }
        latencies = {"ModelLatency": self._model_seconds, "OverheadLatency": total - self._model_seconds}
        dimensions = _dimensions(endpoint, variant)
        for name, value in counts.items():
            self._metrics.add(_NAMESPACE, name, value, "None", dimensions)
        for name, seconds in latencies.items():
            self._metrics.add(_NAMESPACE, name, seconds * _MICROSECONDS, "Microseconds", dimensions)


def _dimensions(endpoint: Endpoint, variant: Variant) -> dict[str, str]:
    return {"EndpointName": endpoint.name, "VariantName": variant.name}
