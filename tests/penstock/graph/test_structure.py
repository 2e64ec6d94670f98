from typing import Any

import pytest

from penstock.graph.machine import Machine, Transition, parse
from penstock.graph.structure import fold, part_of, shape


def task(then: str, **caught: str) -> dict[str, Any]:
    catch = [{"ErrorEquals": [error], "Next": next_} for error, next_ in caught.items()]
    return {"Type": "Task", "Resource": "arn:aws:states:::a:b", "Catch": catch, "Next": then}


def choice(otherwise: str, **when: str) -> dict[str, Any]:
    choices = [{"Condition": f"{{% ${condition} %}}", "Next": next_} for condition, next_ in when.items()]
    return {"Type": "Choice", "Choices": choices, "Default": otherwise}


@pytest.fixture(scope="module")
def machine() -> Machine:
    """A lock that may be held, a look that may find nothing, and two ends."""
    states = {
        "Start": choice("Work", known="Lock"),
        "Work": task("Lock"),
        "Lock": task("Look", Held="Wait"),
        "Wait": {"Type": "Wait", "Seconds": 1, "Next": "Lock"},
        "Look": task("Check", Error="Look error"),
        "Look error": choice("Look again", missing="Make"),
        "Look again": task("Check"),
        "Check": choice("Broken", ready="End", changing="Rest"),
        "Make": task("Rest"),
        "Rest": {"Type": "Wait", "Seconds": 1, "Next": "Look"},
        "Broken": {"Type": "Fail", "Error": "Broken"},
        "End": {"Type": "Succeed"},
    }
    return parse("m", {"StartAt": "Start", "States": states})


def test_the_main_path_is_the_longest_one_that_is_no_failure(machine: Machine) -> None:
    assert shape(machine).main == ("Start", "Work", "Lock", "Look", "Check", "End")


def test_states_that_lead_to_each_other_are_a_circle(machine: Machine) -> None:
    circles = [{"Lock", "Wait"}, {"Look", "Check", "Rest", "Make"}]
    assert sorted(map(sorted, shape(fold(machine)).circles)) == sorted(map(sorted, circles))


def test_without_such_a_path_it_follows_errors_and_then_failures() -> None:
    caught = {"A": task("A", Error="B"), "B": {"Type": "Succeed"}}
    assert shape(parse("m", {"StartAt": "A", "States": caught})).main == ("A", "B")
    failed = caught | {"B": {"Type": "Fail", "Error": "E"}}
    assert shape(parse("m", {"StartAt": "A", "States": failed})).main == ("A", "B")


def test_what_goes_in_circles_without_an_end_has_its_first_state_only() -> None:
    states = {"A": task("B"), "B": task("A")}
    assert shape(parse("m", {"StartAt": "A", "States": states})).main == ("A",)


def test_a_machine_of_one_state_has_a_path(machine: Machine) -> None:
    only = shape(parse("m", {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}))
    assert (only.main, only.circles) == (("A",), ())


def test_a_states_error_and_further_attempts_are_part_of_it(machine: Machine) -> None:
    folded = fold(machine)
    look = next(state for state in folded.states if state.name == "Look")
    assert look.transitions == (Transition("Check"), Transition("Make", "on an error if $missing"))
    assert {"Look error", "Look again"}.isdisjoint(state.name for state in folded.states)


def test_a_state_whose_name_only_ends_so_is_its_own() -> None:
    machine = parse("m", {"StartAt": "An error", "States": {"An error": {"Type": "Succeed"}}})
    assert part_of(machine) == {"An error": "An error"}
