from collections.abc import Callable
from typing import Any

import pytest

from penstock_constructs.steps.step import Machine
from penstock_constructs.steps.tidy import tidy


@pytest.mark.parametrize(("endpoint", "name"), [(True, "dev-bigmart"), (False, None)])
def test_the_hook_is_told_what_to_keep(
    machine: Machine, thing: Any, request_of: Callable[..., Any], name: str | None, *, endpoint: bool
) -> None:
    step = tidy(
        machine=machine,
        hook=thing,
        keep=3,
        endpoint=endpoint,
        scaled=["main"],
        repositories=["dev-forest"],
        then="Release lock",
    )
    assert request_of(step.states["Tidy"], model="dev-bigmart-7c1f09ab")["Payload"] == {
        "name": "dev-bigmart",
        "endpoint": name,
        "model": "dev-bigmart-7c1f09ab",
        "keep": 3,
        "scaled": ["main"],
        "repositories": ["dev-forest"],
    }
