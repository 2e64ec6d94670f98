"""SageMaker Runtime: InvokeEndpoint, passed on to a healthy instance of the endpoint; InvokeEndpointAsync, queued."""

from penstock.local.service import AwsError, JsonObject, ListedService
from penstock.local.services.cloudwatch import Metrics
from penstock.local.services.sagemaker.asynchronous import Asynchronous
from penstock.local.services.sagemaker.capture import Captures
from penstock.local.services.sagemaker.exchange import ATTRIBUTES, Exchange
from penstock.local.services.sagemaker.service import SageMaker
from penstock.local.services.sagemaker.shadowing import Shadowing

_MOST_BYTES = 6 * 1024 * 1024
_TIMEOUT_SECONDS = 60
_NOT_SERVED = (
    *("TargetModel", "TargetContainerHostname", "EnableExplanations", "InferenceComponentName", "SessionId"),
    "PrefixAwareId",
)


class SageMakerRuntime(ListedService):
    """The service."""

    name = "sagemaker-runtime"

    def __init__(self, *, sagemaker: SageMaker, metrics: Metrics, timeout_seconds: float = _TIMEOUT_SECONDS) -> None:
        """Serve the endpoints of `sagemaker`; a container has `timeout_seconds` to answer InvokeEndpoint."""
        context, self._lender = sagemaker.endpoints.context, sagemaker.endpoints.lender
        self._timeout = timeout_seconds
        self._captures = Captures(context)
        self._exchange = Exchange(metrics, self._captures)
        self._shadowing = Shadowing(self._exchange, timeout_seconds)
        self._asynchronous = Asynchronous(context, self._lender, self._exchange)
        self._operations = {"InvokeEndpoint": self._invoke, "InvokeEndpointAsync": self._asynchronous.invoke}

    def restore(self) -> None:
        """Take up the requests that were queued when the cloud ended."""
        self._asynchronous.restore()

    def close(self) -> None:
        """End what is sent in the background, and write what was captured; the instances are SageMaker's."""
        self._asynchronous.close()
        self._shadowing.close()
        self._captures.close()

    def _invoke(self, request: JsonObject) -> JsonObject:
        _check(request)
        loan = self._lender.lend(request["EndpointName"], request.get("TargetVariant"))
        if loan.shadow is not None:
            self._shadowing.send(loan.shadow, request)
        answer = self._exchange.ask(loan, request, self._timeout)
        optional = {
            "ContentType": answer.headers.get("content-type"),
            "CustomAttributes": answer.headers.get(ATTRIBUTES.lower()),
        }
        return {
            "Body": answer.body,
            "InvokedProductionVariant": loan.variant.name,
            **{member: value for member, value in optional.items() if value is not None},
        }


def _check(request: JsonObject) -> None:
    unserved = [member for member in _NOT_SERVED if member in request]
    if unserved:
        raise AwsError("ValidationError", f"The local cloud does not serve {', '.join(unserved)} in InvokeEndpoint.")
    if len(request.get("Body", b"")) > _MOST_BYTES:
        raise AwsError(
            "ValidationError",
            "1 validation error detected: Value at 'body' failed to satisfy constraint: Member must have length less"
            f" than or equal to {_MOST_BYTES}",
        )
