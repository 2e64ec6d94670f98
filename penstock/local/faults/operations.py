"""The operations that a fault can name, as `service:Operation`."""

from fnmatch import filter as matching
from functools import cache

from botocore.loaders import Loader

from penstock.local.gateway.moto import SERVICES
from penstock.spec.mistakes import suggestion

# What IAM and the endpoints call a service → botocore's name of it.
_ALIASES = {"states": "stepfunctions", "monitoring": "cloudwatch"}
_OURS = {"application-autoscaling", "cloudwatch", "lambda", "sagemaker", "sagemaker-runtime", "stepfunctions"}
_SERVED = sorted(SERVICES | _OURS)
_DELAYED = ("Create", "Update")
_TIMES = "How often is a whole number or always, as in sagemaker:CreateModel*3."


def botocore_name(operation: str) -> str:
    """Return an operation with its service as botocore, and the record of calls, have it."""
    service, _, name = operation.partition(":")
    if service == "sagemaker" and name.startswith("InvokeEndpoint"):  # IAM has one name for both APIs
        return f"sagemaker-runtime:{name}"
    return f"{_ALIASES.get(service, service)}:{name}"


def problem_with(operation: str, fault: str) -> str:
    """Return what is wrong with an operation of a fault, or nothing."""
    service, colon, name = operation.partition(":")
    if fault == "delay" and (service != "sagemaker" or not name.startswith(_DELAYED)):
        return "only what sagemaker:Create… and sagemaker:Update… have done is seen late."
    if not colon or not name:
        return "an operation is written service:Operation, as in sagemaker:CreateTrainingJob."
    services = matching(_SERVED, service)
    if not services:
        return f"the local cloud serves {', '.join(_SERVED)}. {suggestion(service, _SERVED)}".rstrip()
    if any(matching(_operations(one), name) for one in services):
        return ""
    if "*" in name or "?" in name:
        return f"no operation of {service} is like {name}. {_TIMES}"
    return f"{service} has no operation {name}. {suggestion(name, _operations(services[0]))}".rstrip()


@cache
def _operations(service: str) -> frozenset[str]:
    return frozenset(Loader().load_service_model(service, "service-2")["operations"])
