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


DEFINITION = '{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}'


@pytest.mark.parametrize(("definition", "result"), [(DEFINITION, "OK"), ("{", "FAIL")])
def test_a_definition_can_be_validated(sfn: Any, definition: str, result: str) -> None:
    answer = sfn.client.validate_state_machine_definition(definition=definition)
    assert answer["result"] == result
    assert [found["severity"] for found in answer["diagnostics"]] == (["ERROR"] if result == "FAIL" else [])


def test_a_machine_that_is_express_is_refused_by_name(sfn: Any) -> None:
    with pytest.raises(sfn.client.exceptions.StateMachineTypeNotSupported, match="STANDARD only"):
        sfn.client.create_state_machine(name="express", definition=DEFINITION, roleArn=sfn.role, type="EXPRESS")
