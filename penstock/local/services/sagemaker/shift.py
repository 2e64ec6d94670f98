"""The traffic of an update, on its way from the old fleet to the new one."""

import threading
from datetime import timedelta

from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.endpoint import Endpoint
from penstock.local.services.sagemaker.fleet import Fleet
from penstock.local.services.sagemaker.rollback_alarms import RollbackAlarms
from penstock.local.services.sagemaker.rollout import Rollout

_LOOK_SECONDS = 10.0  # of the cloud, from one look at the alarms to the next
_SHORTEST, _LONGEST = 0.05, 1.0  # of the machine


class Shift:
    """Moves the traffic of an endpoint step by step, and looks at the alarms all the while."""

    def __init__(self, context: Context, endpoint: Endpoint, rollout: Rollout, closing: threading.Event) -> None:
        self._context = context
        self._clock = context.clock
        self._endpoint = endpoint
        self._rollout = rollout
        self._closing = closing
        self._alarms = rollback_alarms(context, endpoint, rollout)

    def alarm(self) -> str:
        """Return why the update is to be rolled back now, or nothing."""
        return self._alarms.reason()

    def move_to(self, fleet: Fleet) -> str:
        """Give a healthy fleet more and more of the requests; return why it is to have none, or nothing."""
        for share in self._rollout.shares:
            with self._context.lock:
                self._endpoint.share_with(fleet, share)
                self._endpoint.enter_stage("ActivatingTraffic")
            reason = self._bake(self._rollout.bake_seconds)
            if reason:
                return reason
        return self._bake(self._rollout.termination_seconds)

    def _bake(self, seconds: float) -> str:
        end = self._clock.now() + timedelta(seconds=seconds)
        if seconds:
            with self._context.lock:
                self._endpoint.enter_stage("Baking")
        while True:
            reason = self.alarm()
            left = (end - self._clock.now()).total_seconds()
            if reason or left <= 0:
                return reason
            pause = min(max(self._clock.real(_LOOK_SECONDS), _SHORTEST), _LONGEST, self._clock.real(left))
            if self._closing.wait(pause):
                return "The local cloud ended."


def rollback_alarms(context: Context, endpoint: Endpoint, rollout: Rollout) -> RollbackAlarms:
    """Return the alarms of a rollout, which SageMaker looks at as the endpoint's execution role."""
    return RollbackAlarms(lambda: context.acting(endpoint.plan.role, "cloudwatch", endpoint.arn), rollout.alarms)
