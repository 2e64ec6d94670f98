"""Looks at what is scaled, and changes its capacity; all that it does, it does as the service-linked role."""

import logging
import uuid
from dataclasses import replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from penstock.local.clock import Clock
from penstock.local.service import JsonObject
from penstock.local.services.autoscaling.acting import Acting
from penstock.local.services.autoscaling.targets import Activity, Policy, Target, Targets
from penstock.local.services.autoscaling.tracking import cooldown, wanted
from penstock.local.services.rounds import Rounds

_LOOK_SECONDS, _SHORTEST, _LONGEST = 10.0, 0.1, 1.0  # of the cloud, from look to look; the limits are of the machine
_LOG = logging.getLogger(__name__)


class Scaler:
    """A thread that looks at every target now and then, from `start` on."""

    def __init__(self, *, targets: Targets, acting: Acting, clock: Clock) -> None:
        self._targets = targets
        self._acting = acting
        self._clock = clock
        self._rounds = Rounds("Application Auto Scaling", self.look, pause=self._pause)

    def start(self) -> None:
        """Begin, if it has not begun."""
        if not self._rounds.started:
            self._rounds.start()

    def close(self) -> None:
        """End."""
        self._rounds.close()

    def look(self) -> None:
        """Look at every target once."""
        for target in self._targets.all():
            try:
                self._look_at(target)
            except (ClientError, BotoCoreError) as error:  # the next look may do better
                _LOG.warning("%s: %s", target.resource, error)

    def forget(self, target: Target) -> None:
        """Deregister a target; the alarms of its policies go with it."""
        for policy in self._targets.remove(target.resource):
            self.silence(policy)

    def silence(self, policy: Policy) -> None:
        """Remove the alarms of a policy."""
        self._acting.client("cloudwatch").delete_alarms(AlarmNames=[policy.high, policy.low])

    def _pause(self) -> float:
        return min(max(self._clock.real(_LOOK_SECONDS), _SHORTEST), _LONGEST)

    def _look_at(self, target: Target) -> None:
        sagemaker = self._acting.client("sagemaker")
        try:
            described = sagemaker.describe_endpoint(EndpointName=target.endpoint)
        except ClientError as error:
            if "Could not find" not in error.response["Error"]["Message"]:
                raise
            self.forget(target)  # SageMaker deregisters what it deletes
            return
        if described["EndpointStatus"] != "InService":
            return
        variants = {one["VariantName"]: one for one in described["ProductionVariants"]}
        if target.variant not in variants:
            self.forget(target)
            return
        current = int(variants[target.variant]["DesiredInstanceCount"])
        self._settle(target, current, described.get("FailureReason", ""))
        count, cause = self._decide(target, current)
        if count != current:
            self._scale(sagemaker, target, count, current, cause)

    def _decide(self, target: Target, current: int) -> tuple[int, str]:
        """Return the capacity that a target is to have, and why."""
        if current < target.minimum:
            return target.minimum, f"minimum capacity was set to {target.minimum}"
        if current > target.maximum:
            return target.maximum, f"maximum capacity was set to {target.maximum}"
        policies = self._targets.policies(target.resource)
        now, cloudwatch = self._clock.now(), self._acting.client("cloudwatch")
        wishes = [(*wanted(cloudwatch, target, policy, current, now), policy) for policy in policies]
        if not wishes:
            return current, ""
        # The largest wish counts: out if any policy wants that, and in only if all of them do.
        count, alarm, policy = max(wishes, key=lambda wish: wish[0])
        count = min(max(count, target.minimum), target.maximum)
        if count == current or self._cools(target, policy, out=count > current):
            return current, ""
        return count, f"monitor alarm {alarm} in state ALARM triggered policy {policy.name}"

    def _cools(self, target: Target, policy: Policy, *, out: bool) -> bool:
        """Tell whether it is too soon: scaling out waits for the last time out, and scaling in for any."""
        activities = [one for one in self._targets.activities(target.resource) if one.out or not out]
        last = activities[0] if activities else None
        return last is not None and self._clock.now() < (last.ended or last.started) + cooldown(policy, out=out)

    def _scale(self, sagemaker: Any, target: Target, count: int, current: int, cause: str) -> None:
        activity = Activity(
            id=str(uuid.uuid4()),
            resource=target.resource,
            count=count,
            out=count > current,
            cause=cause,
            started=self._clock.now(),
        )
        desired = [{"VariantName": target.variant, "DesiredInstanceCount": count}]
        try:
            sagemaker.update_endpoint_weights_and_capacities(
                EndpointName=target.endpoint, DesiredWeightsAndCapacities=desired
            )
        except ClientError as error:
            self._end(activity, "Failed", f"Failed to set desired instance count to {count}. Reason: {error}")
        else:
            self._targets.note(activity)

    def _settle(self, target: Target, current: int, reason: str) -> None:
        """End the activities of a target whose endpoint is in service again."""
        for activity in self._targets.activities(target.resource):
            count = activity.count
            if activity.status == "InProgress" and current == count:
                message = (
                    f"Successfully set desired instance count to {count}. Change successfully fulfilled by sagemaker."
                )
                self._end(activity, "Successful", message)
            elif activity.status == "InProgress":
                self._end(activity, "Failed", f"Failed to set desired instance count to {count}. Reason: {reason}")

    def _end(self, activity: Activity, status: str, message: str) -> None:
        self._targets.note(replace(activity, status=status, message=message, ended=self._clock.now()))


def described(activity: Activity) -> JsonObject:
    """Return an activity as DescribeScalingActivities says it."""
    return {
        "ActivityId": activity.id,
        "ResourceId": activity.resource,
        "Description": f"Setting desired instance count to {activity.count}.",
        "Cause": activity.cause,
        "StartTime": activity.started,
        "StatusCode": activity.status,
        **({"EndTime": activity.ended} if activity.ended is not None else {}),
        **({"StatusMessage": activity.message} if activity.message else {}),
    }
