from collections.abc import Callable
from typing import Any

from penstock_constructs.steps.publish import publish


def test_the_execution_ends_with_what_was_deployed(thing: Any) -> None:
    state = publish(topic=thing, key=thing, endpoint="dev-bigmart").states["Publish"]
    assert state["End"] is True
    assert state["Output"].keys() == {"outcome", "model", "endpoint", "endpoint_config", "run", "metrics"}
    assert state["Output"]["outcome"] == "DEPLOYED"


def test_the_key_is_used_through_the_topic_only(thing: Any) -> None:
    step = publish(topic=thing, key=thing, endpoint="dev-bigmart")
    assert [statement["via"] for statement in step.statements if "via" in statement] == ["sns"]


def test_the_message_says_what_is_served_and_how_good_it_is(evaluate: Callable[..., Any], thing: Any) -> None:
    message = publish(topic=thing, key=thing, endpoint="dev-bigmart").states["Publish"]["Arguments"]["Message"]
    assert evaluate(message, model="dev-bigmart-7c1f09ab", run="7c1f09ab", metrics={"rmse": 1043.7}) == (
        "Endpoint dev-bigmart serves dev-bigmart-7c1f09ab, of run 7c1f09ab. It passed the smoke test. "
        'Its metrics on the rows held out: {"rmse":1043.7}. Nothing is to be done.'
    )
