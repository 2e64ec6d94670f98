"""What is scaled and how: AWS's rules, and what this cloud does not have, by name."""

import re

from penstock.local.service import AwsError, JsonObject
from penstock.local.services.autoscaling.targets import DIMENSION, NAMESPACE
from penstock.local.services.cloudwatch.paging import page
from penstock.local.services.sagemaker.served import ANY, check

SETTINGS = "TargetTrackingScalingPolicyConfiguration"
_PAGE = 50
_SCALED = {"ServiceNamespace": (NAMESPACE,), "ScalableDimension": (DIMENSION,), "ResourceId": ANY}
_TARGET = {**_SCALED, "MinCapacity": ANY, "MaxCapacity": ANY, "RoleARN": ANY, "Tags": ANY}
_POLICY = {
    **_SCALED,
    "PolicyName": ANY,
    "PolicyType": ("TargetTrackingScaling",),
    SETTINGS: {
        "TargetValue": ANY,
        "PredefinedMetricSpecification": {"PredefinedMetricType": ("SageMakerVariantInvocationsPerInstance",)},
        "CustomizedMetricSpecification": {"MetricName": ANY, "Namespace": ANY, "Dimensions": ANY, "Statistic": ANY},
        "ScaleOutCooldown": ANY,
        "ScaleInCooldown": ANY,
        "DisableScaleIn": ANY,
    },
}
_METRICS = ("PredefinedMetricSpecification", "CustomizedMetricSpecification")
_OF_METRIC = ("Namespace", "MetricName", "Statistic")
_RESOURCE = re.compile(r"endpoint/[^/]+/variant/[^/]+")


def invalid(message: str) -> AwsError:
    """Return the error with which the service refuses a request."""
    return AwsError("ValidationException", message)


def not_found(what: str, request: JsonObject) -> AwsError:
    """Return the error that there is no such thing."""
    name = f", policy name: {request['PolicyName']}" if "PolicyName" in request else ""
    return AwsError(
        "ObjectNotFoundException",
        f"No {what} found for service namespace: {request['ServiceNamespace']}, resource ID: {request['ResourceId']},"
        f" scalable dimension: {request['ScalableDimension']}{name}",
    )


def concerns(request: JsonObject) -> bool:
    """Tell whether a request is about what is served here; of other services there is nothing."""
    return (request["ServiceNamespace"], request.get("ScalableDimension", DIMENSION)) == (NAMESPACE, DIMENSION)


def listed(member: str, found: list[JsonObject], request: JsonObject) -> JsonObject:
    """Return the page of a list that a request asks for.

    Raises:
        AwsError: InvalidNextTokenException.
    """
    try:
        return page(member, found, request.get("NextToken"), request.get("MaxResults", _PAGE))
    except AwsError as error:
        raise AwsError("InvalidNextTokenException", error.message) from error


def check_target(request: JsonObject) -> None:
    """Refuse a target that is not an endpoint's variant.

    Raises:
        AwsError: ValidationException.
    """
    check(request, _TARGET)
    if _RESOURCE.fullmatch(request["ResourceId"]) is None:
        raise invalid(f"Unsupported resource ID {request['ResourceId']}: it has the form endpoint/NAME/variant/NAME.")


def check_limits(minimum: int | None, maximum: int | None) -> tuple[int, int]:
    """Return the limits of a target.

    Raises:
        AwsError: ValidationException, there are none, or they contradict each other.
    """
    if minimum is None or maximum is None:
        raise invalid("MinCapacity and MaxCapacity must be specified when a scalable target is registered.")
    if not 0 <= minimum <= maximum:
        raise invalid(
            f"Maximum capacity cannot be less than minimum capacity, nor can either be negative; found {maximum} and"
            f" {minimum}."
        )
    return minimum, maximum


def check_policy(request: JsonObject) -> JsonObject:
    """Return the settings of a policy.

    Raises:
        AwsError: ValidationException, it is of another kind, or says not what it is to track.
    """
    check(request, _POLICY)
    settings: JsonObject | None = request.get(SETTINGS)
    if settings is None:
        raise invalid(f"{SETTINGS} must be specified for a policy of the type TargetTrackingScaling.")
    given = [member for member in _METRICS if member in settings]
    if len(given) != 1:
        raise invalid(f"Exactly one of {' and '.join(_METRICS)} must be specified.")
    missing = [member for member in _OF_METRIC if member not in settings.get(_METRICS[1], dict.fromkeys(_OF_METRIC))]
    if missing:
        raise invalid(f"{_METRICS[1]} lacks {' and '.join(missing)}.")
    if settings["TargetValue"] <= 0:
        raise invalid(f"TargetValue must be greater than 0; found {settings['TargetValue']}.")
    return settings
