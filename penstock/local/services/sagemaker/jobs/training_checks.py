"""AWS's rules for a training job that no service model has."""

from penstock.local.service import AwsError, JsonObject

_REQUIRED = {
    "AlgorithmSpecification": ("TrainingImage",),
    "ResourceConfig": ("InstanceType", "InstanceCount", "VolumeSizeInGB"),
    "StoppingCondition": ("MaxRuntimeInSeconds",),
}
_LONGEST_SECONDS = 432_000  # AWS's quota, unless it is raised


def check_request(request: JsonObject) -> None:
    """Refuse a request that breaks a rule.

    Raises:
        AwsError: ValidationException or ResourceLimitExceeded.
    """
    _check_required(request)
    _check_channels(request.get("InputDataConfig", []))
    _check_limits(request)


def _check_required(request: JsonObject) -> None:
    """Refuse a request without a member that the service's model leaves to others, such as serverless jobs."""
    missing = [
        f"{outer}.{inner}"
        for outer, members in _REQUIRED.items()
        for inner in members
        if inner not in request.get(outer, {})
    ]
    if missing:
        raise AwsError("ValidationException", f"{' and '.join(missing)} must be given for a training job.")


def _check_channels(channels: list[JsonObject]) -> None:
    names = [channel["ChannelName"] for channel in channels]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise AwsError("ValidationException", f"Duplicate channel name: {', '.join(twice)}. Channel names are unique.")


def _check_limits(request: JsonObject) -> None:
    """Refuse a job that may take longer than AWS lets it, or a spot job that does not say how long it may wait."""
    condition = request["StoppingCondition"]
    seconds, wait = condition["MaxRuntimeInSeconds"], condition.get("MaxWaitTimeInSeconds")
    if request.get("EnableManagedSpotTraining", False):
        if wait is None or wait < seconds:
            raise AwsError(
                "ValidationException",
                "Invalid MaxWaitTimeInSeconds. It must be present and be greater than or equal to MaxRuntimeInSeconds",
            )
    elif wait is not None:
        raise AwsError(
            "ValidationException", "MaxWaitTimeInSeconds is supported only when EnableManagedSpotTraining is true"
        )
    if seconds > _LONGEST_SECONDS:
        raise AwsError(
            "ResourceLimitExceeded",
            f"The account-level service limit 'Longest run time for a training job' is {_LONGEST_SECONDS} Seconds, with"
            f" current utilization of 0 Seconds and a request delta of {seconds} Seconds. Please use AWS Service Quotas"
            " to request an increase for this quota. If AWS Service Quotas is not available, contact AWS support to"
            " request an increase for this quota.",
        )
