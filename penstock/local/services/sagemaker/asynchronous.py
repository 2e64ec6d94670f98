"""InvokeEndpointAsync: a queue for each endpoint, worked off as its instances allow.

https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference.html
"""

import itertools
import logging
import threading
import uuid
from collections import deque
from datetime import datetime

from penstock.local.service import AwsError, JsonObject
from penstock.local.services.delivery import AbandonedError
from penstock.local.services.rounds import Rounds
from penstock.local.services.sagemaker.async_request import AsyncRequest, Inference, Outcome
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.endpoint import Endpoint
from penstock.local.services.sagemaker.exchange import Exchange
from penstock.local.services.sagemaker.fleet import Fleet
from penstock.local.services.sagemaker.loan import Lender
from penstock.local.services.sagemaker.s3 import S3Uri
from penstock.local.services.sagemaker.served import ANY, check

_SERVED = {
    "EndpointName": ANY,
    "ContentType": ANY,
    "Accept": ANY,
    "CustomAttributes": ANY,
    "InferenceId": ANY,
    "InputLocation": ANY,
    "RequestTTLSeconds": ANY,
    "InvocationTimeoutSeconds": ANY,
}
_RECORDS = "sagemaker-async"
_NAMESPACE = "AWS/SageMaker"
_AT_ONCE = 4  # an instance gets, where its configuration does not say; AWS says that it chooses well
_LOOK_SECONDS, _SHORTEST, _LONGEST = 10.0, 0.1, 1.0  # of the cloud, from look to look; the limits are of the machine
_MINUTE = 60.0
_LOGGER = logging.getLogger(__name__)


class Asynchronous:
    """The queues, and the threads that work them off; what is queued is in the store, and outlives the cloud."""

    def __init__(self, context: Context, lender: Lender, exchange: Exchange) -> None:
        self._context = context
        self._lender = lender
        self._exchange = exchange
        self._lock = threading.Lock()
        self._queues: dict[str, deque[AsyncRequest]] = {}
        self._working: dict[str, int] = {}
        self._numbers = itertools.count()
        self._measured: datetime = context.clock.now()
        self._rounds = Rounds("SageMaker: async", self._look, pause=self._pause)

    def invoke(self, request: JsonObject) -> JsonObject:
        """Serve InvokeEndpointAsync; the answer comes before the model's."""
        try:
            check(request, _SERVED)
            S3Uri.parse(request.get("InputLocation", ""))
        except AwsError as error:
            raise AwsError("ValidationError", error.message) from error
        endpoint, _ = self._lender.find(request["EndpointName"], asynchronous=True)
        output, identifier = endpoint.plan.config.asynchronous["OutputConfig"], str(uuid.uuid4())
        queued = AsyncRequest(
            key=f"{self._context.clock.now():%Y%m%dT%H%M%S.%f}-{next(self._numbers):06d}-{identifier}",
            inference_id=request.get("InferenceId", identifier),
            request=request,
            output=f"{output['S3OutputPath'].rstrip('/')}/{identifier}.out",
            failure=f"{output['S3FailurePath'].rstrip('/')}/{identifier}-error.out"
            if "S3FailurePath" in output
            else "",
            received=self._context.clock.now(),
        )
        self._context.store.put(_RECORDS, queued.key, queued.record())
        self._put(queued)
        self._work_off(endpoint.name)
        answer = {"InferenceId": queued.inference_id, "OutputLocation": queued.output}
        return answer | ({"FailureLocation": queued.failure} if queued.failure else {})

    def restore(self) -> None:
        """Take up what was queued, in order."""
        for record in self._context.store.all(_RECORDS).values():
            self._put(AsyncRequest(**record))

    def close(self) -> None:
        """Take nothing from the queues any more."""
        self._rounds.close()

    def _put(self, queued: AsyncRequest) -> None:
        with self._lock:
            self._queues.setdefault(queued.endpoint, deque()).append(queued)
            if not self._rounds.started:
                self._rounds.start()

    def _pause(self) -> float:
        return min(max(self._context.clock.real(_LOOK_SECONDS), _SHORTEST), _LONGEST)

    def _look(self) -> None:
        """Go on with queues whose instances had their hands full, or were not there."""
        now = self._context.clock.now()
        measure = (now - self._measured).total_seconds() >= _MINUTE
        self._measured = now if measure else self._measured
        for name in [*self._queues]:
            self._work_off(name)
            if measure:
                self._measure(name, now)

    def _work_off(self, name: str) -> None:
        """Begin as many requests of an endpoint as its healthy instances take at once."""
        try:
            endpoint, fleet = self._lender.find(name, asynchronous=True)
        except AwsError:
            self._forget_if_gone(name)
            return
        most = _capacity(endpoint, fleet)
        while not self._rounds.closing.is_set():
            with self._lock:
                queue = self._queues.get(name)
                if not queue or self._working.get(name, 0) >= most:
                    return
                queued = queue.popleft()
                self._working[name] = self._working.get(name, 0) + 1
            threading.Thread(
                target=self._work, args=(queued,), name=f"async {queued.inference_id}", daemon=True
            ).start()

    def _work(self, queued: AsyncRequest) -> None:
        try:
            loan = self._lender.lend(queued.endpoint, asynchronous=True)
        except AwsError:  # it has gone, or none of it is healthy just now
            with self._lock:
                self._queues.setdefault(queued.endpoint, deque()).appendleft(queued)
                self._working[queued.endpoint] -= 1
            return
        try:
            outcome = Inference(self._context, self._exchange, loan, queued).run(self._rounds.closing)
            self._context.store.remove(_RECORDS, queued.key)
            self._count(loan.endpoint, loan.variant.name, outcome)
        except AbandonedError:
            _LOGGER.warning("async inference %s is made again when the cloud comes back", queued.inference_id)
        except Exception:  # ours to mend; the others go on
            _LOGGER.exception("async inference %s", queued.inference_id)
        finally:
            with self._lock:
                self._working[queued.endpoint] -= 1
            self._work_off(queued.endpoint)

    def _forget_if_gone(self, name: str) -> None:
        """Drop the queue of an endpoint that is no longer there; one that is coming back keeps it."""
        if self._lender.known(name):
            return
        with self._lock:
            dropped = self._queues.pop(name, deque())
        for queued in dropped:
            self._context.store.remove(_RECORDS, queued.key)

    def _count(self, endpoint: Endpoint, variant: str, outcome: Outcome) -> None:
        dimensions = {"EndpointName": endpoint.name, "VariantName": variant}
        for metric, value in outcome.counts().items():
            self._context.metrics.add(_NAMESPACE, metric, value, "Count", dimensions)
        for metric, seconds in outcome.times().items():
            self._context.metrics.add(_NAMESPACE, metric, seconds * 1000, "Milliseconds", dimensions)

    def _measure(self, name: str, now: datetime) -> None:
        with self._lock:
            queue = [*self._queues.get(name, ())]
            size = len(queue) + self._working.get(name, 0)
        try:
            _, fleet = self._lender.find(name, asynchronous=True)
        except AwsError:
            return
        instances = sum(instance.ready for variant in fleet.variants for instance in variant.instances)
        oldest = (now - queue[0].received).total_seconds() if queue else 0.0
        measured = {
            "ApproximateBacklogSize": (size, "Count"),
            "ApproximateBacklogSizePerInstance": (size / max(instances, 1), "Count"),
            "ApproximateAgeOfOldestRequest": (oldest, "Seconds"),
            "HasBacklogWithoutCapacity": (size > 0 and not instances, "Count"),
        }
        for metric, (value, unit) in measured.items():
            self._context.metrics.add(_NAMESPACE, metric, float(value), unit, {"EndpointName": name})


def _capacity(endpoint: Endpoint, fleet: Fleet) -> int:
    settings = endpoint.plan.config.asynchronous.get("ClientConfig", {})
    ready = sum(instance.ready for variant in fleet.variants for instance in variant.instances)
    return ready * int(settings.get("MaxConcurrentInvocationsPerInstance", _AT_ONCE))
