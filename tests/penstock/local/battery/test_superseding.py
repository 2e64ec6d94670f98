"""Of the runs that wait for their turn only the newest gets it, where the pipeline says so."""

from typing import Any

import pytest

from waiting import until

pytestmark = pytest.mark.battery


def test_of_the_runs_that_wait_only_the_newest_deploys(make_world: Any) -> None:
    with make_world({"approval": "manual", "lock": "supersede", "timeout_minutes": 5_000}, 20) as world:
        first = world.start()
        world.token(first)
        second = world.start()
        until(lambda: "Wait for lock" in world.states(second))
        third = world.start()
        superseded = world.wait(second)
        assert (superseded.status, superseded.outcome) == ("SUCCEEDED", "SUPERSEDED"), superseded
        assert "takes the place of this one" in superseded.output["reasons"][0]
        world.answer(first, approved=True)
        assert world.wait(first).outcome == "DEPLOYED"
        world.answer(third, approved=True)
        assert world.wait(third).outcome == "DEPLOYED"
