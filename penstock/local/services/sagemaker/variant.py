"""One variant of an endpoint: its instances, and who gets the next request."""

from collections.abc import Callable
from dataclasses import dataclass, field

from penstock.local.service import AwsError, JsonObject
from penstock.local.services.sagemaker.instance import Instance
from penstock.local.services.sagemaker.models import Model
from penstock.local.services.sagemaker.usage import Usage

MOST_CRASHES = 3  # AWS tries for many minutes; what has crashed three times before it served will not serve


@dataclass(kw_only=True)
class Variant:
    """The instances of one variant, and its share of the traffic; its fleet's lock guards what changes."""

    name: str
    model: Model
    weight: float
    startup_seconds: float
    usage: Usage
    make: Callable[[], Instance]  # puts up another instance, which does not run yet
    instances: list[Instance] = field(default_factory=list)  # never changed in place: readers need no lock
    credit: float = 0.0

    @property
    def ready(self) -> bool:
        """Are all of its instances healthy?"""
        return all(instance.ready for instance in self.instances)

    @property
    def busy(self) -> bool:
        """Is a request under way?"""
        return any(instance.busy for instance in self.instances)

    def add(self, count: int) -> None:
        """Put up so many more instances.

        Raises:
            DeploymentError: the model's data cannot be had.
        """
        for _ in range(count):
            instance = self.make()
            self.instances = [*self.instances, instance]

    def take(self) -> Instance | None:
        """Return the instance for the next request; None, if one is to be started for it first.

        Raises:
            AwsError: ServiceUnavailable, none of its instances is healthy.
        """
        healthy = [instance for instance in self.instances if instance.ready]
        if not healthy:
            raise AwsError("ServiceUnavailable", f"No instance of variant {self.name} is healthy.", 503)
        return min(healthy, key=lambda instance: (instance.busy, instance.served))

    def surplus(self) -> list[Instance]:
        """Return the instances that are no longer of use."""
        return []

    def described(self) -> JsonObject:
        """Return how many instances it has, as DescribeEndpoint says it."""
        return {
            "CurrentInstanceCount": sum(instance.ready for instance in self.instances),
            "DesiredInstanceCount": len(self.instances),
        }

    def processes(self) -> list[int]:
        """Return the processes of its instances."""
        return [process for instance in self.instances for process in instance.processes()]

    def hopeless(self, waited: float) -> bool:
        """Has it had its chance to become healthy?"""
        crashing = any(instance.crashes >= MOST_CRASHES for instance in self.instances)
        return not self.ready and (crashing or waited >= self.startup_seconds)
