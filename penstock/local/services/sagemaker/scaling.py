"""Other numbers of instances for a fleet that serves."""

import time
from collections.abc import Collection, Mapping

from penstock.local.services.sagemaker.fleet import Fleet
from penstock.local.services.sagemaker.instance import Instance
from penstock.local.services.sagemaker.variant import MOST_CRASHES, Variant

_LOOK_SECONDS = 0.05


def scale(fleet: Fleet, counts: Mapping[str, int]) -> str | None:
    """Bring variants to other numbers of instances while they serve, or return the one that cannot be.

    Then all of them are as they were: its new instances did not become healthy.

    Raises:
        DeploymentError: a model's data cannot be had.
    """
    before = {variant.name: variant.instances for variant in fleet.variants}
    failed: str | None = ""
    try:
        for variant in fleet.variants:
            variant.add(counts.get(variant.name, len(variant.instances)) - len(variant.instances))
        failed = next((one.name for one in fleet.variants if not _came_up(fleet, one, before[one.name])), None)
    finally:
        for variant in fleet.variants:
            count = counts.get(variant.name, len(before[variant.name]))
            added = [instance for instance in variant.instances if instance not in before[variant.name]]
            spare = sorted(variant.instances, key=lambda instance: instance.busy)
            fleet.end(variant, spare[: max(len(spare) - count, 0)] if failed is None else added)
    return failed


def _came_up(fleet: Fleet, variant: Variant, before: Collection[Instance]) -> bool:
    """Wait for the instances that a variant did not have before."""
    began = time.monotonic()
    while True:
        new = [instance for instance in variant.instances if instance not in before]
        if all(instance.ready for instance in new):
            return True
        late = time.monotonic() - began >= variant.startup_seconds
        if fleet.stopped or late or any(instance.crashes >= MOST_CRASHES for instance in new):
            return False
        time.sleep(_LOOK_SECONDS)
