from types import SimpleNamespace
from typing import Any

import pytest

from penstock_constructs.steps.step import Machine


@pytest.fixture
def thing() -> Any:
    """Stands for any construct that a step needs no more of than its ARN, or a statement about it."""
    return SimpleNamespace(
        name="thing",
        arn="arn:aws:service:us-east-1:123456789012:thing",
        allow=lambda sid, actions, endpoint: {"Sid": sid, "Action": actions, "endpoint": endpoint},
        allow_passing=lambda sid: {"Sid": sid},
        allow_use=lambda sid, via: {"Sid": sid, "via": via},
        allow_volumes=lambda sid: {"Sid": sid},
    )


@pytest.fixture
def machine(thing: Any) -> Machine:
    return Machine("dev-bigmart", thing, thing, {"penstock:pipeline": "bigmart"})
