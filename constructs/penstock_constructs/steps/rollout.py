"""How an endpoint goes over from one config to another."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from penstock_constructs.steps.expression import merged

_PROVISIONING_SECONDS = 3600
_LONGEST_SECONDS = 28_800  # the most that SageMaker takes
_TYPES = {"all_at_once": "ALL_AT_ONCE", "canary": "CANARY", "linear": "LINEAR"}
_STEPS = {"canary": "CanarySize", "linear": "LinearStepSize"}
# A variant whose number of instances follows the load keeps that number. Its share of the traffic and what is captured
# are as the spec has them: kept too, a change of theirs would never take effect.
_KEEP_COUNTS = {
    "RetainAllVariantProperties": True,
    "ExcludeRetainedVariantProperties": [
        {"VariantPropertyType": "DesiredWeight"},
        {"VariantPropertyType": "DataCaptureConfig"},
    ],
}
_KEEP_NOTHING = {"RetainAllVariantProperties": False}
_GUARDED = "($not($known) and $join($sort($variants), ',') = ($serves_as = 'challenger' ? 'challenger,main' : 'main'))"


@dataclass(frozen=True)
class Rollout:
    """The traffic goes over all at once, a first `percent` before the rest, or `percent` at a time.

    After each step the alarms are watched for `bake_seconds`, and one that goes off takes everything back.
    """

    kind: Literal["all_at_once", "canary", "linear"]
    percent: int
    bake_seconds: int

    def deployment_config(self, alarms: Sequence[str]) -> dict[str, Any]:
        """Return the DeploymentConfig of an update, with `alarms` by name.

        Where all traffic goes over in one step, what is watched is the time until the old instances are terminated.
        """
        routing: dict[str, Any] = {"Type": _TYPES[self.kind], "WaitIntervalInSeconds": 0}
        if self.kind in _STEPS:
            size = {"Type": "CAPACITY_PERCENT", "Value": self.percent}
            routing |= {"WaitIntervalInSeconds": self.bake_seconds, _STEPS[self.kind]: size}
        policy = {
            "TrafficRoutingConfiguration": routing,
            "TerminationWaitInSeconds": 0 if self.kind in _STEPS else self.bake_seconds,
            "MaximumExecutionTimeoutInSeconds": min(
                _PROVISIONING_SECONDS + self._steps * self.bake_seconds, _LONGEST_SECONDS
            ),
        }
        watched = {"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": name} for name in alarms]}} if alarms else {}
        return {"BlueGreenUpdatePolicy": policy, **watched}

    @property
    def _steps(self) -> int:
        return {"all_at_once": 1, "canary": 2, "linear": math.ceil(100 / self.percent)}[self.kind]


def keeping(*, scaled: bool) -> dict[str, Any]:
    """Return what an update says of the variants' properties: with `scaled`, the load's numbers of instances stay."""
    return _KEEP_COUNTS if scaled else _KEEP_NOTHING


def update_arguments(base: Mapping[str, Any], rollout: Rollout | None, *, alarms: Sequence[str], scaled: bool) -> Any:
    """Return the arguments of an update: `base`, and how the traffic goes over; what has no servers has no `rollout`.

    Without a say in it all traffic goes over at once, and no alarm is looked at. So a known model comes back: alarms
    may well be sounding, and with them AWS would not begin. And so the variants change: AWS guards an update only from
    variants to others of the same names.
    https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html
    """
    always = {**base, **keeping(scaled=scaled)}
    if rollout is None:
        return always
    return merged(always, (_GUARDED, {"DeploymentConfig": rollout.deployment_config(alarms)}))
