from typing import Any

import pytest

from penstock.run import events
from penstock.run.execution import Execution
from penstock.run.redrive import had_lock


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (["Train"], False),
        (["Take lock", "Train"], True),
        (["Take lock", "Release lock"], False),
    ],
)
def test_an_execution_needs_the_lock_that_it_had(visit: Any, path: list[str], expected: bool) -> None:  # noqa: FBT001
    told = [one for name in path for one in visit(name, 0, 1)]
    assert had_lock(events.take_all(Execution("arn", "name"), told)) is expected


def test_one_that_another_had_it_did_not_have(event: Any, visit: Any) -> None:
    held = event("TaskFailed", 0, taskFailedEventDetails={"error": "DynamoDB.ConditionalCheckFailedException"})
    assert not had_lock(events.take_all(Execution("arn", "name"), visit("Take lock", 0, 1, held)))
