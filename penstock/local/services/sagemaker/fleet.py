"""The instances that serve one endpoint configuration: started, kept alive, lent, drained and stopped together."""

import logging
import threading
import time
from collections.abc import Callable, Collection

from penstock.local.service import AwsError
from penstock.local.services.rounds import Rounds
from penstock.local.services.sagemaker.instance import Instance
from penstock.local.services.sagemaker.serverless import ServerlessVariant
from penstock.local.services.sagemaker.share import Share
from penstock.local.services.sagemaker.stopping import STOP_SECONDS, stop_all, stopping
from penstock.local.services.sagemaker.variant import Variant

_LOOK_SECONDS = 0.05
_DRAIN_SECONDS = 70  # a request takes 60 seconds at most
_LOGGER = logging.getLogger(__name__)


class Fleet:
    """All variants of a configuration. A thread looks after the instances from the start until `stop`.

    The shadow variant, if there is one, gets a copy of the share of requests that its weight is of the others'.
    """

    def __init__(
        self, variants: list[Variant], came_in_service: Callable[[Instance], None], *, shadow: Variant | None = None
    ) -> None:
        self.variants = variants
        self.shadow = shadow
        weight = sum(variant.weight for variant in variants)
        self._copied = Share(min(shadow.weight / weight, 1.0) if shadow is not None and weight else 0.0)
        self._came_in_service = came_in_service
        self._changed = threading.Condition()
        self.stopped = False
        self._ending: list[threading.Thread] = []  # what stops idle instances
        self._keeping = Rounds("SageMaker: fleet", self._look_at_all, pause=lambda: _LOOK_SECONDS)
        self._keeping.start()

    @property
    def all(self) -> list[Variant]:
        """Its variants, with the shadow."""
        return [*self.variants, *([self.shadow] if self.shadow is not None else [])]

    def wait(self, most: float = float("inf")) -> str | None:
        """Wait until every instance is healthy; return the variant that never will be, or is not in time, or None."""
        started = time.monotonic()
        while not all(variant.ready for variant in self.all):
            waited = time.monotonic() - started
            for variant in self.all:
                if self.stopped or variant.hopeless(waited) or (waited >= most and not variant.ready):
                    return variant.name
            time.sleep(_LOOK_SECONDS)
        for variant in self.variants:
            if isinstance(variant, ServerlessVariant):
                self.end(variant, variant.tried())
        return None

    def lend(self, target: str | None) -> tuple[Variant, Instance | None]:
        """Lend an instance for one request: of the target variant, or of the next one by weight.

        Without an instance, `start` starts one for the request; `give_back` ends both.

        Raises:
            AwsError: ValidationError, no such variant; ServiceUnavailable, none of its instances is healthy;
                ThrottlingException, a serverless one has its hands full.
        """
        with self._changed:
            variant = self._next() if target is None else self._named(target)
            return variant, self._take(variant)

    def lend_shadow(self) -> tuple[Variant, Instance] | None:
        """Lend an instance of the shadow variant for a copy of a request that was lent one, if it is to be copied."""
        with self._changed:
            if self.shadow is None or not self._copied.next():
                return None
            try:
                instance = self._take(self.shadow)
            except AwsError:  # none of it is healthy: that is nothing to the caller
                return None
            return (self.shadow, instance) if instance is not None else None

    def start(self, variant: ServerlessVariant) -> Instance | None:
        """Start an instance for the request that `lend` had none for; return it, or None: it does not become healthy.

        Raises:
            DeploymentError: the model's data cannot be had.
        """
        instance: Instance | None = None
        try:
            instance = variant.make()
            instance.busy = instance.served = 1
        finally:
            with self._changed:
                variant.instances = [*variant.instances, *([instance] if instance is not None else [])]
                variant.starting -= 1
                self._changed.notify_all()
        began = time.monotonic()
        while not instance.ready:
            if self.stopped or instance.crashes or time.monotonic() - began >= variant.startup_seconds:
                instance.busy = 0
                self.end(variant, [instance], grace_seconds=0)
                return None
            time.sleep(_LOOK_SECONDS / 5)
        return instance

    def give_back(self, instance: Instance) -> None:
        """End what `lend` began."""
        with self._changed:
            instance.busy -= 1
            instance.used = time.monotonic()
            self._changed.notify_all()

    def end(self, variant: Variant, instances: Collection[Instance], *, grace_seconds: float = STOP_SECONDS) -> None:
        """Take instances out of a variant, and stop them once their requests have ended."""
        with self._changed:
            variant.instances = [instance for instance in variant.instances if instance not in instances]
            self._changed.wait_for(lambda: not any(instance.busy for instance in instances), _DRAIN_SECONDS)
        stop_all(instances, grace_seconds)

    def drain(self, seconds: float) -> None:
        """Wait until no request is under way; the caller sees to it that nothing is lent any more."""
        with self._changed:
            self._changed.wait_for(lambda: not any(variant.busy for variant in self.all), seconds)

    def stop(self, grace_seconds: float) -> None:
        """End every instance, all at the same time."""
        self.stopped = True
        self._keeping.closing.set()
        for variant in self.all:
            variant.usage.close(variant.processes())
        stop_all([instance for variant in self.all for instance in variant.instances], grace_seconds)
        self._keeping.close()
        for thread in self._ending:
            thread.join()

    def _look_at_all(self) -> None:
        for variant in self.all:
            for instance in variant.instances:
                self._look(instance)
            variant.usage.look(variant.processes())
            self._end_surplus(variant)

    def _end_surplus(self, variant: Variant) -> None:
        with self._changed:
            surplus = variant.surplus()
            if surplus:
                variant.instances = [instance for instance in variant.instances if instance not in surplus]
        # In threads of their own: the others are to be looked after meanwhile.
        self._ending = [*(one for one in self._ending if one.is_alive()), *stopping(surplus, STOP_SECONDS)]

    def _look(self, instance: Instance) -> None:
        was_ready = instance.ready
        try:
            instance.look()
        except OSError:  # the machine is out of something: no process, no descriptor, no disk
            _LOGGER.exception("instance %s", instance.id)
        if instance.ready and not was_ready:
            instance.used = time.monotonic()
            self._came_in_service(instance)

    def _take(self, variant: Variant) -> Instance | None:
        instance = variant.take()
        if instance is not None:
            instance.busy += 1
            instance.served += 1
        return instance

    def _named(self, target: str) -> Variant:
        for variant in self.variants:
            if variant.name == target:
                return variant
        raise AwsError("ValidationError", f"Variant {target} not found for this request.")

    def _next(self) -> Variant:
        """Choose by smooth weighted round robin: the shares are exact over any short run of requests."""
        for variant in self.variants:
            variant.credit += variant.weight
        weighted = [variant for variant in self.variants if variant.weight]  # what has none may have credit still
        chosen = max(weighted or self.variants, key=lambda variant: variant.credit)
        chosen.credit -= sum(variant.weight for variant in self.variants)
        return chosen
