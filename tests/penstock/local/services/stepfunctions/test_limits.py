"""AWS's limits."""

from typing import Any

import pytest

from penstock.local.services.stepfunctions import history

LOOP = {
    "Start": {"Type": "Pass", "Assign": {"n": 0}, "Next": "Again"},
    "Again": {"Type": "Pass", "Assign": {"n": "{% $n + 1 %}"}, "Next": "Start"},
}


def test_an_execution_has_so_many_events_and_no_more(sfn: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert history.MOST_EVENTS == 25_000
    monkeypatch.setattr(history, "MOST_EVENTS", 40)
    execution = sfn.run(LOOP)
    assert (execution["status"], execution["error"]) == ("FAILED", "States.Runtime")
    assert execution["cause"] == "The execution reached the maximum number of history events (40)."
    events = sfn.history(execution["executionArn"])
    assert (len(events), events[-1]["type"]) == (40, "ExecutionFailed")


def test_an_input_of_more_than_256_kib_is_refused(sfn: Any) -> None:
    machine = sfn.create({"A": {"Type": "Succeed"}})
    most = f'"{"x" * 262_142}"'
    assert sfn.client.start_execution(stateMachineArn=machine, input=most)
    with pytest.raises(sfn.client.exceptions.ClientError):
        sfn.client.start_execution(stateMachineArn=machine, input=f"{most} ")


def test_characters_count_as_what_they_are_and_not_as_they_are_escaped(sfn: Any) -> None:
    text = f'"{"é" * 131_071}"'
    states = {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Succeed"}}
    machine = sfn.create(states)
    arn = sfn.client.start_execution(stateMachineArn=machine, input=text)["executionArn"]
    execution = sfn.wait(arn)
    assert (execution["status"], execution["output"]) == ("SUCCEEDED", text)
    assert sfn.history(arn)[1]["stateEnteredEventDetails"]["input"] == text


@pytest.mark.parametrize("text", ["NaN", '{"a": -Infinity}', "[" * 101 + "]" * 101, "[" * 50_000 + "]" * 50_000])
def test_an_input_that_is_no_json_of_this_cloud_is_refused(sfn: Any, text: str) -> None:
    machine = sfn.create({"A": {"Type": "Succeed"}})
    with pytest.raises(sfn.client.exceptions.InvalidExecutionInput):
        sfn.client.start_execution(stateMachineArn=machine, input=text)


def test_an_input_can_be_a_hundred_levels_deep(sfn: Any) -> None:
    text = '{"a":' * 50 + "[" * 50 + "]" * 50 + "}" * 50
    machine = sfn.create({"A": {"Type": "Pass", "Assign": {"x": "{% $states.input %}"}, "End": True}})
    arn = sfn.client.start_execution(stateMachineArn=machine, input=text)["executionArn"]
    assert sfn.wait(arn)["output"] == text


def test_half_a_character_is_no_failure_of_the_cloud(sfn: Any) -> None:
    machine = sfn.create({"A": {"Type": "Pass", "End": True}})
    arn = sfn.client.start_execution(stateMachineArn=machine, input=r'"\ud83d"')["executionArn"]
    assert sfn.wait(arn)["status"] == "SUCCEEDED"


DEFINITION = '{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}'


@pytest.mark.parametrize(("definition", "result"), [(DEFINITION, "OK"), ("{", "FAIL")])
def test_a_definition_can_be_validated(sfn: Any, definition: str, result: str) -> None:
    answer = sfn.client.validate_state_machine_definition(definition=definition)
    assert answer["result"] == result
    assert [found["severity"] for found in answer["diagnostics"]] == (["ERROR"] if result == "FAIL" else [])


def test_a_machine_that_is_express_is_refused_by_name(sfn: Any) -> None:
    with pytest.raises(sfn.client.exceptions.StateMachineTypeNotSupported, match="STANDARD only"):
        sfn.client.create_state_machine(name="express", definition=DEFINITION, roleArn=sfn.role, type="EXPRESS")
