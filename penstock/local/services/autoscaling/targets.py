"""What is scaled, and by which policies; all of it is in the store."""

import threading
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from penstock.local.service import JsonObject
from penstock.local.store import Store

NAMESPACE, DIMENSION = "sagemaker", "sagemaker:variant:DesiredInstanceCount"
_TARGETS, _POLICIES, _ACTIVITIES = "scalable-target", "scaling-policy", "scaling-activity"


@dataclass(frozen=True)
class Target:
    """A variant of an endpoint, named as in endpoint/e/variant/main, and its limits."""

    resource: str
    minimum: int
    maximum: int
    arn: str
    role: str
    created: datetime
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def endpoint(self) -> str:
        """The endpoint's name."""
        return self.resource.split("/")[1]

    @property
    def variant(self) -> str:
        """The variant's name."""
        return self.resource.split("/")[3]


@dataclass(frozen=True)
class Policy:
    """A policy that tracks a target value, by the alarms that CloudWatch has for it."""

    resource: str
    name: str
    arn: str
    settings: JsonObject  # its TargetTrackingScalingPolicyConfiguration
    created: datetime
    high: str  # the names of the alarms: the metric is above the target, or well below
    low: str


@dataclass(frozen=True)
class Activity:
    """A change of a capacity, and how it ended."""

    id: str
    resource: str
    count: int
    out: bool
    cause: str
    started: datetime
    ended: datetime | None = None
    status: str = "InProgress"
    message: str = ""


class Targets:
    """Targets by resource, policies by resource and name, activities by resource, the last one first."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.RLock()
        self._targets: dict[str, Target] = {}
        self._policies: dict[tuple[str, str], Policy] = {}
        self._activities: dict[str, Activity] = {}

    def restore(self) -> None:
        """Take up what an earlier cloud kept."""
        for record in self._store.all(_TARGETS).values():
            self._targets[record["resource"]] = Target(**record)
        for record in self._store.all(_POLICIES).values():
            self._policies[record["resource"], record["name"]] = Policy(**record)
        for record in self._store.all(_ACTIVITIES).values():
            self._activities[record["id"]] = Activity(**record)

    def all(self) -> list[Target]:
        """Return the targets, by resource."""
        with self._lock:
            return [self._targets[resource] for resource in sorted(self._targets)]

    def get(self, resource: str) -> Target | None:
        """Return a target, if it is registered."""
        return self._targets.get(resource)

    def put(self, target: Target) -> None:
        """Register a target, or change it."""
        with self._lock:
            self._targets[target.resource] = target
            self._store.put(_TARGETS, target.resource, asdict(target))

    def change(self, target: Target, **changes: Any) -> None:
        """Change some of a target."""
        self.put(replace(target, **changes))

    def remove(self, resource: str) -> list[Policy]:
        """Deregister a target; its policies go with it, and are returned."""
        with self._lock:
            self._targets.pop(resource, None)
            self._store.remove(_TARGETS, resource)
            gone = self.policies(resource)
            for policy in gone:
                self.remove_policy(policy)
            return gone

    def policies(self, resource: str = "") -> list[Policy]:
        """Return the policies, of one target or all."""
        with self._lock:
            return [policy for _, policy in sorted(self._policies.items()) if resource in {"", policy.resource}]

    def policy(self, resource: str, name: str) -> Policy | None:
        """Return a policy, if there is one of this name."""
        return self._policies.get((resource, name))

    def put_policy(self, policy: Policy) -> None:
        """Make a policy, or change it."""
        with self._lock:
            self._policies[policy.resource, policy.name] = policy
            self._store.put(_POLICIES, f"{policy.resource}/{policy.name}", asdict(policy))

    def remove_policy(self, policy: Policy) -> None:
        """Remove a policy."""
        with self._lock:
            self._policies.pop((policy.resource, policy.name), None)
            self._store.remove(_POLICIES, f"{policy.resource}/{policy.name}")

    def note(self, activity: Activity) -> None:
        """Note an activity, or how it went on."""
        with self._lock:
            self._activities[activity.id] = activity
            self._store.put(_ACTIVITIES, activity.id, asdict(activity))

    def activities(self, resource: str = "") -> list[Activity]:
        """Return the activities, of one target or all, the last one first."""
        with self._lock:
            found = [one for one in self._activities.values() if resource in {"", one.resource}]
        return sorted(found, key=lambda activity: activity.started, reverse=True)
