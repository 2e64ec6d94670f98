"""SageMaker Runtime: InvokeEndpoint, passed on to a healthy instance of the endpoint."""

import http.client

from penstock.local.service import AwsError, JsonObject, ListedService
from penstock.local.services.cloudwatch import Metrics
from penstock.local.services.sagemaker.connections import Answer
from penstock.local.services.sagemaker.endpoint import Endpoint
from penstock.local.services.sagemaker.instance import Instance
from penstock.local.services.sagemaker.invocation import Invocation
from penstock.local.services.sagemaker.service import SageMaker

_MOST_BYTES = 6 * 1024 * 1024
_TIMEOUT_SECONDS = 60
_ATTRIBUTES = "X-Amzn-SageMaker-Custom-Attributes"
# Member of the request → header; SageMaker strips all others.
_HEADERS = {"ContentType": "Content-Type", "Accept": "Accept", "CustomAttributes": _ATTRIBUTES}
_NOT_SERVED = ("TargetModel", "TargetContainerHostname", "EnableExplanations", "InferenceComponentName", "SessionId")
_TIMED_OUT = (
    "Your invocation timed out while waiting for a response from container primary. Review the latency metrics for each"
    " container in Amazon CloudWatch, resolve the issue, and try again."
)


class SageMakerRuntime(ListedService):
    """The service."""

    name = "sagemaker-runtime"

    def __init__(self, *, sagemaker: SageMaker, metrics: Metrics, timeout_seconds: float = _TIMEOUT_SECONDS) -> None:
        """Serve the endpoints of `sagemaker`; a container has `timeout_seconds` to answer."""
        self._sagemaker = sagemaker
        self._metrics = metrics
        self._timeout = timeout_seconds
        self._operations = {"InvokeEndpoint": self._invoke}

    def close(self) -> None:
        """End nothing: the instances are SageMaker's."""

    def _invoke(self, request: JsonObject) -> JsonObject:
        _check(request)
        invocation = Invocation(self._metrics)
        endpoint, fleet, variant, instance = self._sagemaker.endpoints.lend(
            request["EndpointName"], request.get("TargetVariant")
        )
        try:
            with invocation.of(endpoint, variant):
                answer = self._ask(endpoint, variant.name, instance, request, invocation)
        finally:
            fleet.give_back(instance)
        optional = {
            "ContentType": answer.headers.get("content-type"),
            "CustomAttributes": answer.headers.get(_ATTRIBUTES.lower()),
        }
        return {
            "Body": answer.body,
            "InvokedProductionVariant": variant.name,
            **{member: value for member, value in optional.items() if value is not None},
        }

    def _ask(
        self, endpoint: Endpoint, variant: str, instance: Instance, request: JsonObject, invocation: Invocation
    ) -> Answer:
        headers = {header: request[member] for member, header in _HEADERS.items() if member in request}
        try:
            with invocation.model():
                answer = instance.connections.request(
                    "POST", "/invocations", body=request.get("Body", b""), headers=headers, timeout=self._timeout
                )
        except TimeoutError as error:
            raise self._model_error(endpoint, variant, instance, 0, _TIMED_OUT) from error
        except ConnectionRefusedError as error:  # it has died and is being replaced; it has not seen the request
            raise AwsError("ServiceUnavailable", f"Instance {instance.id} is not healthy.", 503) from error
        except (OSError, http.client.HTTPException) as error:
            message = f"The container closed the connection before it answered: {error}"
            raise self._model_error(endpoint, variant, instance, 0, message) from error
        if not http.client.OK <= answer.status < http.client.MULTIPLE_CHOICES:
            message = answer.body.decode(errors="replace")
            raise self._model_error(endpoint, variant, instance, answer.status, message)
        return answer

    def _model_error(self, endpoint: Endpoint, variant: str, instance: Instance, status: int, message: str) -> AwsError:
        """Return an error in AWS's words, which lead to the log."""
        region, account = endpoint.arn.split(":")[3:5]
        group = f"/aws/sagemaker/Endpoints/{endpoint.name}"
        kind = "client" if http.client.BAD_REQUEST <= status < http.client.INTERNAL_SERVER_ERROR else "server"
        return AwsError(
            "ModelError",
            f'Received {kind} error ({status}) from primary with message "{message}". See https://{region}.console.aws.'
            f"amazon.com/cloudwatch/home?region={region}#logEventViewer:group={group} in account {account} for more"
            " information.",
            424,
            {
                "OriginalStatusCode": status,
                "OriginalMessage": message,
                "LogStreamArn": f"arn:aws:logs:{region}:{account}:log-group:{group}:log-stream:{variant}/{instance.id}",
            },
        )


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
