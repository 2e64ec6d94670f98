"""What states do, and what is left of them in the history."""

import json
import time
from typing import Any

import pytest

from penstock.local.services.stepfunctions import children

PASS_ON = {"Type": "Succeed"}


def types(events: list[Any]) -> list[str]:
    return [event["type"] for event in events]


def test_pass_gives_its_output(sfn: Any) -> None:
    states = {"A": {"Type": "Pass", "Output": {"sum": "{% $states.input.a + 1 %}"}, "End": True}}
    assert sfn.output(states, {"a": 1}) == {"sum": 2}


@pytest.mark.parametrize("text", ['say "hi"', "back\\slash", "a/b\n", "é😀", '{"n": "{\\"deep\\": 1}"}'])
def test_text_in_a_definition_is_what_json_says(sfn: Any, text: str) -> None:
    expression = f"{{% {json.dumps(text, ensure_ascii=False)} %}}"
    states = {"A": {"Type": "Pass", "Output": {"plain": text, "expression": expression}, "End": True}}
    assert sfn.output(states) == {"plain": text, "expression": text}


@pytest.mark.parametrize("text", [r"a\/b", r"\ud83d\ude00"])
def test_escapes_that_only_json_has_are_read(sfn: Any, text: str) -> None:
    states = {"A": {"Type": "Pass", "Output": {"x": "TEXT"}, "Assign": {"y": "TEXT"}, "End": True}}
    definition = json.dumps({"QueryLanguage": "JSONata", "StartAt": "A", "States": states}).replace("TEXT", text)
    machine = sfn.client.create_state_machine(name=f"escapes-{len(text)}", definition=definition, roleArn=sfn.role)
    arn = sfn.client.start_execution(stateMachineArn=machine["stateMachineArn"])["executionArn"]
    assert json.loads(sfn.wait(arn)["output"]) == {"x": json.loads(f'"{text}"')}
    assigned = sfn.history(arn)[2]["stateExitedEventDetails"]["assignedVariables"]["y"]
    assert json.loads(assigned) == json.loads(f'"{text}"')


def test_variables_hold_json_texts(sfn: Any) -> None:
    text = json.dumps({"rows": ['"quoted", and \\ more'], "é": None})
    states = {
        "A": {"Type": "Pass", "Assign": {"text": "{% $states.input.text %}"}, "Next": "B"},
        "B": {"Type": "Pass", "Assign": {"parsed": "{% $parse($text) %}"}, "Next": "C"},
        "C": {"Type": "Succeed", "Output": "{% $parsed %}"},
    }
    assert sfn.output(states, {"text": text}) == json.loads(text)


def test_what_a_state_assigned_is_in_the_history(sfn: Any) -> None:
    arn = sfn.start({"A": {"Type": "Pass", "Assign": {"text": 'say "hi"', "n": "{% 1 %}"}, "End": True}})
    sfn.wait(arn)
    details = sfn.history(arn)[2]["stateExitedEventDetails"]
    assert {name: json.loads(text) for name, text in details["assignedVariables"].items()} == {
        "text": 'say "hi"',
        "n": 1,
    }


@pytest.mark.parametrize(("status", "then"), [("new", "Create"), ("InService", "Update"), ("Failed", "Other")])
def test_choice_follows_the_first_rule_that_holds(sfn: Any, status: str, then: str) -> None:
    choose = {
        "Type": "Choice",
        "Choices": [
            {"Condition": "{% $states.input = 'new' %}", "Next": "Create"},
            {"Condition": "{% $states.input in ['InService', 'Updating'] %}", "Next": "Update"},
        ],
        "Default": "Other",
    }
    ends = {name: {"Type": "Succeed", "Output": name} for name in ("Create", "Update", "Other")}
    assert sfn.output({"Choose": choose, **ends}, status) == then


def test_a_choice_assigns_what_its_rule_says(sfn: Any) -> None:
    rule = {"Condition": True, "Assign": {"x": "rule"}, "Next": "End"}
    states = {
        "Choose": {"Type": "Choice", "Choices": [rule], "Default": "Never"},
        "Never": {"Type": "Fail"},
        "End": {"Type": "Succeed", "Output": "{% $x %}"},
    }
    assert sfn.output(states) == "rule"


def test_a_loop_waits_and_counts(sfn: Any) -> None:
    states = {
        "Start": {"Type": "Pass", "Assign": {"n": 0}, "Next": "Wait"},
        "Wait": {"Type": "Wait", "Seconds": "{% 0 %}", "Assign": {"n": "{% $n + 1 %}"}, "Next": "Enough"},
        "Enough": {"Type": "Choice", "Choices": [{"Condition": "{% $n >= 3 %}", "Next": "End"}], "Default": "Wait"},
        "End": {"Type": "Succeed", "Output": "{% $n %}"},
    }
    assert sfn.output(states) == 3


def test_wait_waits_that_long(sfn: Any) -> None:
    execution = sfn.run({"Wait": {"Type": "Wait", "Seconds": 1, "End": True}})
    assert 1 <= (execution["stopDate"] - execution["startDate"]).total_seconds() < 5


def test_fail_names_error_and_cause(sfn: Any) -> None:
    state = {"Type": "Fail", "Error": "{% 'Too' & 'Bad' %}", "Cause": "{% $states.input.why %}"}
    execution = sfn.run({"Fail": state}, {"why": "because"})
    assert (execution["status"], execution["error"], execution["cause"]) == ("FAILED", "TooBad", "because")


def test_the_context_tells_of_the_execution(sfn: Any) -> None:
    context = sfn.output({"A": {"Type": "Pass", "Output": "{% $states.context %}", "End": True}}, {"a": 1})
    execution = context["Execution"]
    assert (execution["Name"], execution["Input"], execution["RoleArn"]) == ("run", {"a": 1}, sfn.role)
    assert execution["Id"].endswith(":run")
    assert context["State"] == {**context["State"], "Name": "A", "RetryCount": 0}
    assert "RedriveCount" not in execution


def test_an_expression_that_gives_nothing_fails_the_state(sfn: Any) -> None:
    arn = sfn.start({"A": {"Type": "Pass", "Output": "{% $states.input.missing %}", "End": True}})
    execution = sfn.wait(arn)
    assert (execution["status"], execution["error"]) == ("FAILED", "States.QueryEvaluationError")
    assert execution["cause"] == (
        "An error occurred while executing the state 'A' (entered at the event id #2)."
        " The JSONata expression '$states.input.missing' returned nothing (undefined)."
    )
    assert types(sfn.history(arn)) == ["ExecutionStarted", "PassStateEntered", "EvaluationFailed", "ExecutionFailed"]


def test_parallel_gives_the_outputs_of_its_branches(sfn: Any) -> None:
    def branch(output: str) -> Any:
        return {"StartAt": "A", "States": {"A": {"Type": "Pass", "Output": output, "End": True}}}

    states = {"Both": {"Type": "Parallel", "Branches": [branch("one"), branch("{% $states.input %}")], "End": True}}
    assert sfn.output(states, "two") == ["one", "two"]


def test_map_gives_the_outputs_of_its_items(sfn: Any) -> None:
    each = {
        "ProcessorConfig": {"Mode": "INLINE"},
        "StartAt": "Double",
        "States": {"Double": {"Type": "Pass", "Output": "{% $states.input * 2 %}", "End": True}},
    }
    states = {"Each": {"Type": "Map", "Items": "{% $states.input %}", "ItemProcessor": each, "End": True}}
    assert sfn.output(states, [1, 2, 3]) == [2, 4, 6]


def test_hundreds_of_states_take_no_time(sfn: Any) -> None:
    count = 200
    states: Any = {
        f"S{n}": {"Type": "Pass", "Assign": {"x": f"{{% {n} %}}"}, "Next": f"S{n + 1}"} for n in range(count)
    }
    started = time.monotonic()
    assert sfn.output({**states, f"S{count}": {"Type": "Succeed", "Output": "{% $x %}"}}) == count - 1
    assert time.monotonic() - started < 50


def test_an_iteration_that_breaks_down_fails_its_map(sfn: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    tell = children._tell

    def broken(frame: Any, word: str, details: dict[str, Any]) -> None:
        if word == "Started":
            raise ZeroDivisionError("out of order")
        tell(frame, word, details)

    monkeypatch.setattr(children, "_tell", broken)
    each = {"StartAt": "Done", "States": {"Done": {"Type": "Pass", "End": True}}}
    states = {"Each": {"Type": "Map", "Items": [1, 2], "ItemProcessor": each, "End": True}}
    ended = sfn.run(states)
    assert (ended["status"], ended["error"]) == ("FAILED", "States.Runtime")
    assert ended["cause"].endswith("ZeroDivisionError(out of order)")
