"""Whatever goes wrong: the right end, nothing left behind, nothing deployed twice, and the old model serves on."""

from typing import Any

import pytest

from battery.case import Case
from battery.cases import CASES, FAST
from battery.check import check
from battery.world import World


def _parameter(case: Case) -> Any:
    return pytest.param(case, id=case.name, marks=() if case.name in FAST else pytest.mark.battery)


@pytest.mark.parametrize("case", [_parameter(case) for case in CASES])
def test_a_case_ends_as_it_must(world: World, case: Case) -> None:
    check(world, case)


def test_every_case_has_a_name_of_its_own() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names)
    assert set(names) > FAST
