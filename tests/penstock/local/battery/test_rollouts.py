"""A model goes into service step by step, and is taken back if it fails there: the old one serves all the while."""

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


def test_a_model_that_fails_under_traffic_is_taken_back_by_its_alarm(rolled: World) -> None:
    before = rolled.settle()
    with rolled.probe() as probe:
        ended = rolled.run({"serves": "errors"})
    assert (ended.status, ended.error, ended.at) == ("FAILED", "EndpointRolledBack", "Rolled back"), ended
    after = rolled.settle()
    assert before is not None
    assert after is not None
    assert (after["EndpointStatus"], after["EndpointConfigName"]) == ("InService", before["EndpointConfigName"])
    assert 0 < len(probe.failures) < probe.answers
    assert any("5xx" in message for message in rolled.mail.wait_for(ended.arn))
    assert "owner" not in rolled.lock()
