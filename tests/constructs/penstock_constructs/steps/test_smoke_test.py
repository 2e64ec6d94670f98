from typing import Any

from penstock_constructs.steps.smoke_test import smoke_test


def test_the_hook_is_given_the_rows_and_their_bounds(thing: Any) -> None:
    step = smoke_test(
        hook=thing, endpoint="dev-bigmart", rows=["a,b", "1,2"], numbers=True, minimum=0, maximum=None, then="Publish"
    )
    assert step.states["Smoke test"]["Arguments"]["Payload"] == {
        "endpoint": "dev-bigmart",
        "rows": ["a,b", "1,2"],
        "numbers": True,
        "minimum": 0,
        "maximum": None,
    }
