"""A model goes into service step by step, and no request is lost on the way; test_canary.py has one that fails."""

from collections.abc import Iterator
from typing import Any

import pytest

from battery.world import World

_SPEED = 60
pytestmark = pytest.mark.battery


@pytest.fixture(scope="module")
def rolled(make_world: Any) -> Iterator[World]:
    """A cloud in which a new model first gets half of the traffic for five minutes, which are seconds here."""
    rollout = {"kind": "canary", "percent": 50, "bake_minutes": 5}
    changes = {"deploy": {"instance_count": 2, "rollout": rollout}, "timeout_minutes": 30}
    with make_world(changes, _SPEED) as world:
        world.serving()
        yield world


def test_a_model_that_answers_well_takes_over(rolled: World) -> None:
    with rolled.probe() as probe:
        ended = rolled.run()
    assert (ended.status, ended.outcome) == ("SUCCEEDED", "DEPLOYED"), ended
    endpoint = rolled.settle()
    assert endpoint is not None
    assert endpoint["EndpointConfigName"] == ended.output["endpoint_config"]
    assert not probe.failures
