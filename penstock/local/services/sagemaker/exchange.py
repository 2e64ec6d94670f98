"""One request to an instance and its answer: asked, counted, and captured where that is wanted."""

import http.client

from penstock.local.service import AwsError, JsonObject
from penstock.local.services.cloudwatch import Metrics
from penstock.local.services.sagemaker.capture import Captures
from penstock.local.services.sagemaker.connections import Answer
from penstock.local.services.sagemaker.instance import Instance
from penstock.local.services.sagemaker.invocation import Invocation
from penstock.local.services.sagemaker.loan import Loan

ATTRIBUTES = "X-Amzn-SageMaker-Custom-Attributes"
# Member of the request → header; SageMaker strips all others.
_HEADERS = {"ContentType": "Content-Type", "Accept": "Accept", "CustomAttributes": ATTRIBUTES}
_TIMED_OUT = (
    "Your invocation timed out while waiting for a response from container primary. Review the latency metrics for each"
    " container in Amazon CloudWatch, resolve the issue, and try again."
)


class Exchange:
    """Asks what was lent; the instance is given back in the end."""

    def __init__(self, metrics: Metrics, captures: Captures) -> None:
        self._metrics = metrics
        self._captures = captures

    def ask(self, loan: Loan, request: JsonObject, timeout: float) -> Answer:
        """Return a container's answer to a request in the form of InvokeEndpoint; it has so many seconds for it.

        Raises:
            AwsError: ModelError, the model says no, or nothing; ServiceUnavailable, its process has gone.
        """
        invocation = Invocation(self._metrics)
        with invocation.of(loan.endpoint, loan.variant), invocation.setup(loan) as instance:
            answer = _ask(loan, instance, request, invocation, timeout)
        if loan.capture:
            self._captures.add(loan, request, answer)
        return answer


def _ask(loan: Loan, instance: Instance, request: JsonObject, invocation: Invocation, timeout: float) -> Answer:
    headers = {header: request[member] for member, header in _HEADERS.items() if member in request}
    try:
        with invocation.model():
            answer = instance.connections.request(
                "POST", "/invocations", body=request.get("Body", b""), headers=headers, timeout=timeout
            )
    except TimeoutError as error:
        raise _model_error(loan, instance, 0, _TIMED_OUT) from error
    except ConnectionRefusedError as error:  # it has died and is being replaced; it has not seen the request
        raise AwsError("ServiceUnavailable", f"Instance {instance.id} is not healthy.", 503) from error
    except (OSError, http.client.HTTPException) as error:
        message = f"The container closed the connection before it answered: {error}"
        raise _model_error(loan, instance, 0, message) from error
    if not http.client.OK <= answer.status < http.client.MULTIPLE_CHOICES:
        raise _model_error(loan, instance, answer.status, answer.body.decode(errors="replace"))
    return answer


def _model_error(loan: Loan, instance: Instance, status: int, message: str) -> AwsError:
    """Return an error in AWS's words, which lead to the log."""
    endpoint = loan.endpoint
    region, account = endpoint.arn.split(":")[3:5]
    group, stream = f"/aws/sagemaker/Endpoints/{endpoint.name}", f"{loan.variant.name}/{instance.id}"
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
            "LogStreamArn": f"arn:aws:logs:{region}:{account}:log-group:{group}:log-stream:{stream}",
        },
    )
