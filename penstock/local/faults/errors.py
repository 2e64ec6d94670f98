"""The errors of planned faults, each in its service's own form."""

from http import HTTPStatus

from penstock.local.gateway.app import PlannedError
from penstock.local.gateway.requests import Call
from penstock.local.service import Caller

# A service's own code for "too many requests"; what is not here says ThrottlingException, with status 400.
_THROTTLING = {
    "cloudwatch": ("Throttling", 400, "Rate exceeded"),
    "dynamodb": (
        "ProvisionedThroughputExceededException",
        400,
        "The level of configured provisioned throughput for the table was exceeded. Consider increasing your"
        " provisioning level with the UpdateTable API.",
    ),
    "iam": ("Throttling", 400, "Rate exceeded"),
    "kms": (
        "ThrottlingException",
        400,
        "You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.",
    ),
    "lambda": ("TooManyRequestsException", 429, "Rate Exceeded."),
    "s3": ("SlowDown", 503, "Please reduce your request rate."),
    "sns": ("Throttled", 429, "Rate exceeded"),
    "sqs": ("RequestThrottled", 403, "Rate exceeded"),
    "sts": ("Throttling", 400, "Rate exceeded"),
}
_DENIED = {"s3": "AccessDenied", "sns": "AuthorizationError", "iam": "AccessDenied", "sts": "AccessDenied"}
# Members that name something which SageMaker may not find → what it is called in the message.
_NAMED = {
    "EndpointConfigName": ("endpoint configuration", "endpoint-config"),
    "EndpointName": ("endpoint", "endpoint"),
    "ModelName": ("model", "model"),
}


def throttled(call: Call) -> PlannedError:
    """Return what the service of a call answers when it is called too often."""
    code, status, message = _THROTTLING.get(call.service, ("ThrottlingException", 400, "Rate exceeded"))
    return PlannedError(code, message, status)


def denied(call: Call, caller: Caller) -> PlannedError:
    """Return what the service of a call answers to a role that no policy allows it."""
    action = f"{call.service.removesuffix('-runtime')}:{call.operation.name}"
    message = (
        f"User: {caller.arn} is not authorized to perform: {action} because no identity-based policy allows the"
        f" {action} action"
    )
    return PlannedError(_DENIED.get(call.service, "AccessDeniedException"), message, HTTPStatus.FORBIDDEN)


def not_found(member: str, name: str, *, region: str, account: str) -> PlannedError:
    """Return what SageMaker answers when it does not find what a member of a request names."""
    if member not in _NAMED:
        return PlannedError("ValidationException", "Requested resource not found.")
    what, kind = _NAMED[member]
    arn = f"arn:aws:sagemaker:{region}:{account}:{kind}/{name.lower()}"
    return PlannedError("ValidationException", f'Could not find {what} "{arn}".')
