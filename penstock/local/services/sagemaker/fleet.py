"""The instances that serve one endpoint configuration: started, kept alive, lent, drained and stopped together."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from penstock.local.service import AwsError
from penstock.local.services.rounds import Rounds
from penstock.local.services.sagemaker.instance import Instance
from penstock.local.services.sagemaker.models import Model
from penstock.local.services.sagemaker.usage import Usage

_LOOK_SECONDS = 0.05
_MOST_CRASHES = 3  # AWS tries for many minutes; what has crashed three times before it served will not serve
_LOGGER = logging.getLogger(__name__)


@dataclass
class Variant:
    """The instances of one production variant, and its share of the traffic."""

    name: str
    model: Model
    weight: float
    instances: list[Instance]
    startup_seconds: float
    usage: Usage
    credit: float = 0.0

    @property
    def ready(self) -> bool:
        """Are all of its instances healthy?"""
        return all(instance.ready for instance in self.instances)

    def processes(self) -> list[int]:
        """Return the processes of its instances."""
        return [process for instance in self.instances for process in instance.processes()]

    def hopeless(self, waited: float) -> bool:
        """Has it had its chance to become healthy?"""
        crashing = any(instance.crashes >= _MOST_CRASHES for instance in self.instances)
        return not self.ready and (crashing or waited >= self.startup_seconds)


class Fleet:
    """All variants of a configuration. A thread looks after the instances from the start until `stop`."""

    def __init__(self, variants: list[Variant], came_in_service: Callable[[Instance], None]) -> None:
        self.variants = variants
        self._came_in_service = came_in_service
        self._changed = threading.Condition()
        self._stopping = False
        self._keeping = Rounds("SageMaker: fleet", self._look_at_all, pause=lambda: _LOOK_SECONDS)
        self._keeping.start()

    def wait(self) -> str | None:
        """Wait until every instance is healthy; return the variant that never will be, or None."""
        started = time.monotonic()
        while not all(variant.ready for variant in self.variants):
            waited = time.monotonic() - started
            for variant in self.variants:
                if self._stopping or variant.hopeless(waited):
                    return variant.name
            time.sleep(_LOOK_SECONDS)
        return None

    def lend(self, target: str | None) -> tuple[Variant, Instance]:
        """Lend an instance for one request: of the target variant, or of the next one by weight.

        Raises:
            AwsError: ValidationError, no such variant; ServiceUnavailable, none of its instances is healthy.
        """
        with self._changed:
            variant = self._next() if target is None else self._named(target)
            healthy = [instance for instance in variant.instances if instance.ready]
            if not healthy:
                raise AwsError("ServiceUnavailable", f"No instance of variant {variant.name} is healthy.", 503)
            instance = min(healthy, key=lambda instance: (instance.busy, instance.served))
            instance.busy += 1
            instance.served += 1
            return variant, instance

    def give_back(self, instance: Instance) -> None:
        """End what `lend` began."""
        with self._changed:
            instance.busy -= 1
            self._changed.notify_all()

    def drain(self, seconds: float) -> None:
        """Wait until no request is under way; the caller sees to it that nothing is lent any more."""
        with self._changed:
            self._changed.wait_for(lambda: not any(instance.busy for instance in self._instances()), seconds)

    def stop(self, grace_seconds: float) -> None:
        """End every instance, all at the same time."""
        self._stopping = True
        self._keeping.closing.set()
        for variant in self.variants:
            variant.usage.close(variant.processes())
        stopping = [threading.Thread(target=instance.stop, args=(grace_seconds,)) for instance in self._instances()]
        for thread in stopping:
            thread.start()
        for thread in stopping:
            thread.join()
        self._keeping.close()

    def _look_at_all(self) -> None:
        for instance in self._instances():
            self._look(instance)
        for variant in self.variants:
            variant.usage.look(variant.processes())

    def _look(self, instance: Instance) -> None:
        was_ready = instance.ready
        try:
            instance.look()
        except OSError:  # the machine is out of something: no process, no descriptor, no disk
            _LOGGER.exception("instance %s", instance.id)
        if instance.ready and not was_ready:
            self._came_in_service(instance)

    def _instances(self) -> list[Instance]:
        return [instance for variant in self.variants for instance in variant.instances]

    def _named(self, target: str) -> Variant:
        for variant in self.variants:
            if variant.name == target:
                return variant
        raise AwsError("ValidationError", f"Variant {target} not found for this request.")

    def _next(self) -> Variant:
        """Choose by smooth weighted round robin: the shares are exact over any short run of requests."""
        for variant in self.variants:
            variant.credit += variant.weight
        chosen = max(self.variants, key=lambda variant: variant.credit)
        chosen.credit -= sum(variant.weight for variant in self.variants)
        return chosen
