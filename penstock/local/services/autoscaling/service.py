"""Application Auto Scaling: the service, for the instance counts of endpoint variants."""

import uuid

from botocore.exceptions import ClientError

from penstock.local.clients import Clients
from penstock.local.clock import Clock
from penstock.local.service import AwsError, JsonObject, ListedService
from penstock.local.services.autoscaling.acting import Acting
from penstock.local.services.autoscaling.checks import (
    SETTINGS,
    check_limits,
    check_policy,
    check_target,
    concerns,
    invalid,
    listed,
    not_found,
)
from penstock.local.services.autoscaling.scaler import Scaler, described
from penstock.local.services.autoscaling.targets import DIMENSION, NAMESPACE, Policy, Target, Targets
from penstock.local.services.autoscaling.tracking import put_alarms
from penstock.local.store import Store

_COMMON = {"ServiceNamespace": NAMESPACE, "ScalableDimension": DIMENSION}
_NOT_SUSPENDED = {f"{what}Suspended": False for what in ("DynamicScalingIn", "DynamicScalingOut", "ScheduledScaling")}


class AutoScaling(ListedService):
    """The service; what it keeps is in the store, so that none of its calls is carried out again."""

    name = "application-autoscaling"

    def __init__(self, *, clients: Clients, store: Store, clock: Clock) -> None:
        self._clients = clients
        self._clock = clock
        self._acting = Acting(clients)
        self._targets = Targets(store)
        self._scaler = Scaler(targets=self._targets, acting=self._acting, clock=clock)
        self._operations = {
            "RegisterScalableTarget": self._register,
            "DescribeScalableTargets": self._describe_targets,
            "DeregisterScalableTarget": self._deregister,
            "PutScalingPolicy": self._put_policy,
            "DescribeScalingPolicies": self._describe_policies,
            "DeleteScalingPolicy": self._delete_policy,
            "DescribeScalingActivities": self._describe_activities,
            "TagResource": self._tag,
            "UntagResource": self._untag,
            "ListTagsForResource": self._tags,
        }

    def restore(self) -> None:
        """Take up what an earlier cloud kept, and go on scaling it."""
        self._targets.restore()
        if self._targets.all():
            self._scaler.start()

    def close(self) -> None:
        """Scale nothing any more."""
        self._scaler.close()

    def _register(self, request: JsonObject) -> JsonObject:
        check_target(request)
        resource = request["ResourceId"]
        former = self._targets.get(resource)
        limits = (former.minimum, former.maximum) if former is not None else (None, None)
        minimum, maximum = check_limits(request.get("MinCapacity", limits[0]), request.get("MaxCapacity", limits[1]))
        if former is None:
            self._acting.make_role()
        self._check_there(resource)
        target = former or Target(
            resource=resource,
            minimum=minimum,
            maximum=maximum,
            arn=self._clients.arn(self.name, f"scalable-target/{uuid.uuid4().hex}"),
            role=self._acting.role,
            created=self._clock.now(),
            tags=request.get("Tags", {}),
        )
        self._targets.change(target, minimum=minimum, maximum=maximum)
        self._scaler.start()
        return {"ScalableTargetARN": target.arn}

    def _describe_targets(self, request: JsonObject) -> JsonObject:
        asked = request.get("ResourceIds", [])
        found = [
            {
                **_COMMON,
                "ResourceId": target.resource,
                "MinCapacity": target.minimum,
                "MaxCapacity": target.maximum,
                "RoleARN": target.role,
                "CreationTime": target.created,
                "SuspendedState": _NOT_SUSPENDED,
                "ScalableTargetARN": target.arn,
            }
            for target in self._targets.all()
            if concerns(request) and (not asked or target.resource in asked)
        ]
        return listed("ScalableTargets", found, request)

    def _deregister(self, request: JsonObject) -> JsonObject:
        self._scaler.forget(self._target(request))
        return {}

    def _put_policy(self, request: JsonObject) -> JsonObject:
        settings = check_policy(request)
        target, name = self._target(request), request["PolicyName"]
        former = self._targets.policy(target.resource, name)
        made, resource = former.arn.split(":")[6] if former is not None else str(uuid.uuid4()), target.resource
        policy = Policy(
            resource=resource,
            name=name,
            arn=self._clients.arn(
                "autoscaling", f"scalingPolicy:{made}:resource/{NAMESPACE}/{resource}:policyName/{name}"
            ),
            settings=settings,
            created=former.created if former else self._clock.now(),
            high=former.high if former else f"TargetTracking-{resource}-AlarmHigh-{uuid.uuid4()}",
            low=former.low if former else f"TargetTracking-{resource}-AlarmLow-{uuid.uuid4()}",
        )
        put_alarms(self._acting.client("cloudwatch"), target, policy)
        self._targets.put_policy(policy)
        return {"PolicyARN": policy.arn, "Alarms": self._alarms(policy)}

    def _describe_policies(self, request: JsonObject) -> JsonObject:
        asked = request.get("PolicyNames", [])
        found = [
            {
                **_COMMON,
                "PolicyARN": policy.arn,
                "PolicyName": policy.name,
                "ResourceId": policy.resource,
                "PolicyType": "TargetTrackingScaling",
                SETTINGS: policy.settings,
                "Alarms": self._alarms(policy),
                "CreationTime": policy.created,
            }
            for policy in self._targets.policies(request.get("ResourceId", ""))
            if concerns(request) and (not asked or policy.name in asked)
        ]
        return listed("ScalingPolicies", found, request)

    def _delete_policy(self, request: JsonObject) -> JsonObject:
        policy = self._targets.policy(request["ResourceId"], request["PolicyName"])
        if policy is None or not concerns(request):
            raise not_found("scaling policy", request)
        self._scaler.silence(policy)
        self._targets.remove_policy(policy)
        return {}

    def _describe_activities(self, request: JsonObject) -> JsonObject:
        found = self._targets.activities(request.get("ResourceId", "")) if concerns(request) else []
        return listed("ScalingActivities", [_COMMON | described(activity) for activity in found], request)

    def _tag(self, request: JsonObject) -> JsonObject:
        target = self._tagged(request)
        self._targets.change(target, tags=target.tags | request["Tags"])
        return {}

    def _untag(self, request: JsonObject) -> JsonObject:
        target = self._tagged(request)
        kept = {key: value for key, value in target.tags.items() if key not in request["TagKeys"]}
        self._targets.change(target, tags=kept)
        return {}

    def _tags(self, request: JsonObject) -> JsonObject:
        return {"Tags": self._tagged(request).tags}

    def _tagged(self, request: JsonObject) -> Target:
        arn = request["ResourceARN"]
        target = next((one for one in self._targets.all() if one.arn == arn), None)
        if target is None:
            raise AwsError("ResourceNotFoundException", f"The specified resource doesn't exist: {arn}")
        return target

    def _target(self, request: JsonObject) -> Target:
        target = self._targets.get(request["ResourceId"])
        if target is None or not concerns(request):
            raise not_found("scalable target", request)
        return target

    def _check_there(self, resource: str) -> None:
        """Refuse a variant that no endpoint serves."""
        _, endpoint, _, variant = resource.split("/")
        try:
            shown = self._acting.client("sagemaker").describe_endpoint(EndpointName=endpoint)
        except ClientError as error:
            raise invalid(error.response["Error"]["Message"]) from error
        if variant not in [one["VariantName"] for one in shown.get("ProductionVariants", [])]:
            raise invalid(f"SageMaker variant doesn't exist: {resource}")

    def _alarms(self, policy: Policy) -> list[JsonObject]:
        names = [policy.high] if policy.settings.get("DisableScaleIn", False) else [policy.high, policy.low]
        return [{"AlarmName": name, "AlarmARN": self._clients.arn("cloudwatch", f"alarm:{name}")} for name in names]
