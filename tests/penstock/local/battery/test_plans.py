"""Faults chosen at random: nothing left behind, nothing deployed twice, and the old model serves on."""

import pytest

from battery.check import check_plan
from battery.world import World

_PLANS, _FAST = 500, 5


@pytest.mark.parametrize(
    "seed", [*range(_FAST), *(pytest.param(seed, marks=pytest.mark.battery) for seed in range(_FAST, _PLANS))]
)
def test_a_random_plan_breaks_no_invariant(world: World, seed: int) -> None:
    check_plan(world, seed)
