"""A model is deployed only if it is known to be good enough beside the champion; if not, the champion serves on."""

from collections.abc import Iterator
from typing import Any

import pytest

from battery.project import ENDPOINT
from battery.world import World

pytestmark = pytest.mark.battery
_SPEED = 60
_WITHIN_2_PERCENT = {"metric": "rmse", "versus_champion": {"no_worse_than_percent": 2}}


@pytest.fixture(scope="module")
def gated(make_world: Any) -> Iterator[World]:
    """A cloud in which a new model may be 2 % worse than the champion."""
    with make_world({"gate": _WITHIN_2_PERCENT}, _SPEED) as world:
        yield world


def answer(world: World) -> bytes:
    runtime = world.client("sagemaker-runtime")
    answered = runtime.invoke_endpoint(EndpointName=ENDPOINT, ContentType="text/csv", Body=b"x\n1\n")
    return bytes(answered["Body"].read())


@pytest.mark.parametrize(
    ("rmse", "outcome", "worse", "reason"),
    [
        ("2", "DEPLOYED", 0, ""),
        ("1", "DEPLOYED", -50, ""),
        ("2.03", "DEPLOYED", 1.5, ""),
        ("2.06", "REJECTED", 3, "rmse may be 3 % worse than the champion's"),
        ("6", "REJECTED", 200, "rmse may be 200 % worse than the champion's"),
        ("nan", "REJECTED", None, "rmse is not known: the evaluation gives no finite number"),
    ],
)
def test_a_model_is_deployed_if_it_is_good_enough_beside_the_champion(
    gated: World, rmse: str, outcome: str, worse: float | None, reason: str
) -> None:
    gated.without_endpoint()  # then there is no champion, and what is next is one
    champion = gated.run({"rmse": "2", "predicts": "1.5"})
    assert (champion.outcome, champion.output["champion"]) == ("DEPLOYED", None), champion
    ended = gated.run({"rmse": rmse, "predicts": "2.5"})
    assert (ended.status, ended.outcome) == ("SUCCEEDED", outcome), ended
    compared = ended.output["comparison"]["rmse"]
    assert compared["worse_percent"] == (None if worse is None else pytest.approx(worse))
    assert ended.output["champion"]["run"] == champion.name
    assert [text[: len(reason)] for text in ended.output["reasons"][:1]] == ([reason] if reason else [])
    assert answer(gated) == (b"2.5\n" if outcome == "DEPLOYED" else b"1.5\n")
