"""One request of InvokeEndpointAsync: its input from S3, its answer to S3, and a message that it has ended."""

import base64
import json
import logging
import threading
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from penstock.local.clock import iso
from penstock.local.service import AwsError, JsonObject
from penstock.local.services.delivery import AbandonedError
from penstock.local.services.sagemaker.connections import Answer
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.exchange import Exchange
from penstock.local.services.sagemaker.loan import Loan
from penstock.local.services.sagemaker.s3 import S3Uri, put

_TTL_SECONDS = 21_600
_TIMEOUT_SECONDS = 900
_MOST_IN_MESSAGE = 128 * 1024
_NO_ANSWER = Answer(0, {}, b"")
_TOPICS = {
    "Completed": ("SuccessTopic", "SUCCESS_NOTIFICATION_TOPIC"),
    "Failed": ("ErrorTopic", "ERROR_NOTIFICATION_TOPIC"),
}
_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True)
class AsyncRequest:
    """A request as it is queued; `failure` is empty where no S3FailurePath is configured."""

    key: str  # by which queued requests are in order
    inference_id: str
    request: JsonObject
    output: str
    failure: str
    received: datetime

    @property
    def endpoint(self) -> str:
        """The endpoint's name."""
        return str(self.request["EndpointName"])

    def record(self) -> JsonObject:
        """Return what the store keeps of it."""
        return asdict(self)


@dataclass
class Outcome:
    """How a request ended; without a reason, well."""

    reason: str = ""
    answer: Answer = _NO_ANSWER
    expired: bool = False
    waited_seconds: float = 0.0
    total_seconds: float = 0.0
    trouble: str = ""  # the metric that counts what went wrong in S3 or SNS

    @property
    def status(self) -> str:
        """Completed or Failed."""
        return "Failed" if self.reason else "Completed"

    def counts(self) -> dict[str, float]:
        """Return what CloudWatch counts of it."""
        counted = {"InvocationsProcessed": 1.0, "InvocationFailures": float(bool(self.reason))}
        return counted | {"ExpiredRequests": float(self.expired)} | ({self.trouble: 1.0} if self.trouble else {})

    def times(self) -> dict[str, float]:
        """Return how long it took, in seconds of the cloud."""
        return {"TimeInBacklog": self.waited_seconds, "TotalProcessingTime": self.total_seconds}


class Inference:
    """A request that is carried out with what was lent for it, by one thread."""

    def __init__(self, context: Context, exchange: Exchange, loan: Loan, queued: AsyncRequest) -> None:
        self._context = context
        self._exchange = exchange
        self._loan = loan
        self._queued = queued
        self._settings = loan.endpoint.plan.config.asynchronous["OutputConfig"]
        self._outcome = Outcome()

    def run(self, closing: threading.Event) -> Outcome:
        """Carry it out, and say how it ended where that is to be said.

        Raises:
            AbandonedError: it failed as the cloud closes.
        """
        now, outcome, request = self._context.clock.now, self._outcome, self._queued.request
        outcome.waited_seconds = (now() - self._queued.received).total_seconds()
        if outcome.waited_seconds > request.get("RequestTTLSeconds", _TTL_SECONDS):
            outcome.expired, outcome.reason = True, "RequestExpired: the request was in the queue for too long."
            self._loan.end()
        elif (body := self._downloaded()) is None:
            self._loan.end()
        else:
            self._ask({**request, "Body": body, "InferenceId": self._queued.inference_id}, closing)
        outcome.total_seconds = (now() - self._queued.received).total_seconds()
        self._notify()
        return outcome

    def _downloaded(self) -> bytes | None:
        source = S3Uri.parse(self._queued.request["InputLocation"])
        try:
            return bytes(self._acting("s3").get_object(Bucket=source.bucket, Key=source.key)["Body"].read())
        except (ClientError, BotoCoreError) as error:
            self._outcome.reason = f"ClientError: Failed to download {source}: {error}"
            self._outcome.trouble = "RequestDownloadFailures"
            return None

    def _ask(self, request: JsonObject, closing: threading.Event) -> None:
        try:
            timeout = request.get("InvocationTimeoutSeconds", _TIMEOUT_SECONDS)
            self._outcome.answer = self._exchange.ask(self._loan, request, timeout)
        except AwsError as error:
            if closing.is_set():
                raise AbandonedError(str(error)) from error
            self._outcome.reason = f"{error.code}: {error.message}"
            self._upload(str(error.members.get("OriginalMessage", error.message)).encode(), self._queued.failure)
        else:
            self._upload(self._outcome.answer.body, self._queued.output)

    def _upload(self, body: bytes, target: str) -> None:
        try:
            if target:
                put(self._acting("s3"), body, S3Uri.parse(target), self._settings.get("KmsKeyId", ""))
        except (ClientError, BotoCoreError) as error:
            self._outcome.reason = f"ClientError: Failed to upload {target}: {error}"
            self._outcome.trouble = "ResponseUploadFailures"

    def _notify(self) -> None:
        settings = self._settings.get("NotificationConfig", {})
        member, included = _TOPICS[self._outcome.status]
        if not settings.get(member):
            return
        whole = included in settings.get("IncludeInferenceResponseIn", [])
        message = _message(self._context, self._queued, self._outcome, whole=whole)
        try:
            self._acting("sns").publish(TopicArn=settings[member], Message=json.dumps(message))
        except (ClientError, BotoCoreError) as error:
            self._outcome.trouble = self._outcome.trouble or "NotificationFailures"
            _LOGGER.warning("async inference %s: nobody was told: %s", self._queued.inference_id, error)

    def _acting(self, service: str) -> Any:
        """Return a client that acts as the model's execution role."""
        return self._context.acting(self._loan.variant.model.role, service, self._loan.endpoint.arn)


def _message(context: Context, queued: AsyncRequest, outcome: Outcome, *, whole: bool) -> JsonObject:
    """Return the message of the end of an inference, as SageMaker writes it."""
    names = {"Accept": "accept", "ContentType": "contentType", "EndpointName": "endpointName"}
    names |= {"InputLocation": "inputLocation", "CustomAttributes": "customAttributes"}
    ended: JsonObject = {"failureReason": outcome.reason, "failureLocation": queued.failure}
    if not outcome.reason:
        content_type = outcome.answer.headers.get("content-type")
        told = {"contentType": content_type, "outputLocation": queued.output}
        ended = {"responseParameters": {name: value for name, value in told.items() if value}}
    if whole and len(outcome.answer.body) <= _MOST_IN_MESSAGE and not outcome.reason:
        ended["responseBody"] = {"content": base64.b64encode(outcome.answer.body).decode(), "encoding": "BASE64"}
    return {
        "awsRegion": context.clients.region,
        "eventTime": iso(context.clock.now()),
        "receivedTime": iso(queued.received),
        "invocationStatus": outcome.status,
        "requestParameters": {
            name: queued.request[member] for member, name in names.items() if member in queued.request
        },
        **{name: value for name, value in ended.items() if value},
        "inferenceId": queued.inference_id,
        "eventVersion": "1.0",
        "eventSource": "aws:sagemaker",
        "eventName": "InferenceResult",
    }
