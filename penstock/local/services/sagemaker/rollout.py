"""How an update moves the traffic from the old fleet to the new one: all at once, a canary first, or in steps.

https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green.html
"""

from collections.abc import Iterable
from dataclasses import dataclass

from penstock.local.service import AwsError, JsonObject
from penstock.local.services.sagemaker.served import ANY, check

_SIZE = {"Type": ANY, "Value": ANY}
# RollingUpdatePolicy is not served.
_SERVED = {
    "BlueGreenUpdatePolicy": {
        "TrafficRoutingConfiguration": {
            "Type": ANY,
            "WaitIntervalInSeconds": ANY,
            "CanarySize": _SIZE,
            "LinearStepSize": _SIZE,
        },
        "TerminationWaitInSeconds": ANY,
        "MaximumExecutionTimeoutInSeconds": ANY,
    },
    "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": ANY}]},
}
_SIZES = {"CANARY": "CanarySize", "LINEAR": "LinearStepSize"}
_MOST_PERCENT, _LEAST_PERCENT = 50, 10  # of the new fleet in a step; the least is that of LINEAR
_ALL = 100


@dataclass(frozen=True)
class Rollout:
    """The shares of the traffic that the new fleet gets one after another, and how long each is looked at.

    Seconds are the cloud's; `timeout_seconds` is what the whole update may take.
    """

    shares: tuple[float, ...] = (1.0,)
    bake_seconds: float = 0.0
    termination_seconds: float = 0.0
    timeout_seconds: float = float("inf")
    alarms: tuple[str, ...] = ()

    @property
    def waits(self) -> float:
        """How long it takes if nothing goes wrong, but for the instances' own time."""
        return len(self.shares) * self.bake_seconds + self.termination_seconds


def rollout(deployment: JsonObject, counts: Iterable[int]) -> Rollout:
    """Return what a DeploymentConfig says for variants of so many instances; serverless ones have none to count.

    Raises:
        AwsError: ValidationException, it uses what is not served, or contradicts itself or AWS's limits.
    """
    counted = [*counts]
    if deployment and not counted:
        raise _invalid("DeploymentConfig is not supported for serverless endpoints.")
    check(deployment, _SERVED)
    policy = deployment.get("BlueGreenUpdatePolicy", {})
    routing = policy.get("TrafficRoutingConfiguration", {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 0})
    alarms = deployment.get("AutoRollbackConfiguration", {}).get("Alarms", [])
    made = Rollout(
        shares=_shares(routing, min(counted, default=1)),
        bake_seconds=routing["WaitIntervalInSeconds"],
        termination_seconds=policy.get("TerminationWaitInSeconds", 0),
        timeout_seconds=policy.get("MaximumExecutionTimeoutInSeconds", float("inf")),
        alarms=tuple(alarm["AlarmName"] for alarm in alarms if "AlarmName" in alarm),
    )
    if made.waits >= made.timeout_seconds:
        raise _invalid(
            f"MaximumExecutionTimeoutInSeconds ({made.timeout_seconds}) must be larger than the total waiting time"
            f" specified in TerminationWaitInSeconds and WaitIntervalInSeconds ({made.waits})."
        )
    return made


def check_same_variants(deployment: JsonObject, serving: Iterable[str], following: Iterable[str]) -> None:
    """Refuse a DeploymentConfig where other variants are to serve than those of these names that do.

    https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html

    Raises:
        AwsError: ValidationException.
    """
    before, after = sorted(serving), sorted(following)
    if deployment and before != after:
        raise _invalid(
            "With a DeploymentConfig the new endpoint configuration must have the same variant names as the old one;"
            f" found {after}, and {before} serve."
        )


def _shares(routing: JsonObject, count: int) -> tuple[float, ...]:
    kind = routing["Type"]
    wanted = _SIZES.get(kind)
    for member in _SIZES.values():
        if (member in routing) != (member == wanted):
            must = "must" if member == wanted else "must not"
            raise _invalid(f"{member} {must} be specified when the traffic routing type is {kind}.")
    if wanted is None:
        return (1.0,)
    share = _size(wanted, routing[wanted], count)
    if kind == "CANARY":
        return (share, 1.0)
    steps = int(1 / share + 1e-9)
    shares = [step * share for step in range(1, steps + 1)]
    return (*(one for one in shares if one < 1 - 1e-9), 1.0)


def _size(member: str, size: JsonObject, count: int) -> float:
    """Return a step's share of a variant's instances, which is its share of the traffic."""
    by_percent, value = size["Type"] == "CAPACITY_PERCENT", size["Value"]
    percent = value if by_percent else _ALL * value / count
    instances = max(count * value // _ALL, 1) if by_percent else value
    least = _LEAST_PERCENT if member == "LinearStepSize" else 0
    if not least <= percent <= _MOST_PERCENT or instances > count / 2:
        limits = f"between {least}% and {_MOST_PERCENT}%" if least else f"less than or equal to {_MOST_PERCENT}%"
        raise _invalid(
            f"{member} must be {limits} of the variant's total instance count ({count}); found {size['Type']} {value}."
        )
    return float(percent) / _ALL


def _invalid(message: str) -> AwsError:
    return AwsError("ValidationException", message)
