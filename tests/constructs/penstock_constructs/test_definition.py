import json

import pytest

from penstock_constructs.definition import definition_string
from penstock_constructs.steps.step import Step

LAST = Step({"Last": {"Type": "Succeed"}})


def _first(then: str) -> Step:
    return Step({"First": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": then}})


def test_the_states_are_those_of_the_steps_begun_with_the_first() -> None:
    definition = json.loads(definition_string([_first("Last"), LAST], timeout_seconds=60))
    assert definition["QueryLanguage"] == "JSONata"
    assert definition["StartAt"] == "First"
    assert list(definition["States"]) == ["First", "Last"]


def test_the_machine_has_a_timeout() -> None:
    assert json.loads(definition_string([LAST], timeout_seconds=60))["TimeoutSeconds"] == 60


def test_the_partition_is_literal() -> None:
    text = definition_string([_first("Last"), LAST], timeout_seconds=60, partition="aws-cn")
    assert json.loads(text)["States"]["First"]["Resource"] == "arn:aws-cn:states:::lambda:invoke"


@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        ([_first("Lost"), LAST], '"First" leads to "Lost", which is no state'),
        ([Step({"First": {"Type": "Choice", "Choices": [], "Default": "Lost"}})], '"First" leads to "Lost"'),
        ([Step({"First": {"Type": "Task", "Catch": [{"Next": "Lost"}], "End": True}})], '"First" leads to "Lost"'),
        ([LAST, _first("Last")], 'nothing leads to "First"'),
        ([_first("First"), _first("First")], 'there are two states "First"'),
    ],
)
def test_a_machine_that_is_not_whole_is_refused(steps: list[Step], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        definition_string(steps, timeout_seconds=60)
