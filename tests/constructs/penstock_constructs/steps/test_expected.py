from collections.abc import Callable
from typing import Any

from penstock_constructs.steps.expected import expecting
from penstock_constructs.steps.step import NO_ANSWER, SAGEMAKER_ERROR

STATES = expecting(
    "Describe endpoint", "describeEndpoint", {}, when="$contains($cause, 'no')", then="Create", done={"Next": "Check"}
)


def test_the_first_try_leaves_errors_that_may_be_expected_to_the_choice() -> None:
    first = STATES["Describe endpoint"]
    assert SAGEMAKER_ERROR not in first["Retry"][0]["ErrorEquals"]
    assert first["Catch"][0]["ErrorEquals"] == [SAGEMAKER_ERROR]
    assert first["Catch"][0]["Next"] == "Describe endpoint error"


def test_an_expected_error_goes_its_own_way() -> None:
    expected = STATES["Describe endpoint error"]["Choices"][0]
    assert expected == {"Condition": "{% $contains($cause, 'no') %}", "Assign": {"tries": 0}, "Next": "Create"}


def test_after_an_error_that_may_pass_what_is_expected_is_expected_still(evaluate: Callable[..., Any]) -> None:
    choice = STATES["Describe endpoint error"]["Choices"][1]
    assert [evaluate(choice["Condition"], tries=tries) for tries in (1, 3, 4)] == [True, True, False]
    pause = STATES[choice["Next"]]
    assert (pause["Type"], pause["Next"]) == ("Wait", "Describe endpoint")


def test_tries_are_counted_until_one_succeeds(evaluate: Callable[..., Any]) -> None:
    first = STATES["Describe endpoint"]
    assert evaluate(first["Catch"][0]["Assign"]["tries"], tries=1) == 2
    assert first["Assign"] == STATES["Describe endpoint again"]["Assign"] == {"tries": 0}


def test_an_unexpected_error_is_tried_again_and_then_fails_where_it_happened() -> None:
    again = STATES[STATES["Describe endpoint error"]["Default"]]
    assert SAGEMAKER_ERROR in again["Retry"][0]["ErrorEquals"]
    assert "Catch" not in again
    assert again["Next"] == "Check"


def test_what_came_of_a_call_without_answer_is_looked_at() -> None:
    done = {"Next": "Wait"}
    states = expecting("Update endpoint", "updateEndpoint", {}, when="false", then="Wait", done=done, unanswered="Look")
    first, again = states["Update endpoint"], states["Update endpoint again"]
    assert "Retry" not in first
    assert not set(NO_ANSWER) & set(again["Retry"][0]["ErrorEquals"])
    for state in (first, again):
        assert state["Catch"][-1] == {"ErrorEquals": list(NO_ANSWER), "Next": "Look"}
