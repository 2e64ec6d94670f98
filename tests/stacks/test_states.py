"""What holds for every state of the state machine."""

import json
import re
from collections.abc import Iterator
from typing import Any

from jsonata import Jsonata

Definition = dict[str, Any]


def _expressions(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _expressions(item)
    elif isinstance(value, list):
        for item in value:
            yield from _expressions(item)
    elif isinstance(value, str) and value.startswith("{%"):
        yield value[2:-2].replace("${PollSeconds}", "15")


def _tasks(definition: Definition) -> dict[str, Any]:
    return {name: state for name, state in definition["States"].items() if state["Type"] == "Task"}


def test_the_machine_has_a_timeout(definition: Definition) -> None:
    assert definition["TimeoutSeconds"] == 180 * 60


def test_every_task_has_a_timeout(definition: Definition) -> None:
    assert [name for name, state in _tasks(definition).items() if not state.get("TimeoutSeconds")] == []


def test_every_task_is_retried_with_backoff_jitter_and_a_longest_delay(definition: Definition) -> None:
    for name, state in _tasks(definition).items():
        if name == "Update endpoint":  # made twice, it might deploy twice: what came of it is looked at instead
            continue
        for retry in state["Retry"]:
            assert retry["BackoffRate"] > 1, name
            assert retry["JitterStrategy"] == "FULL", name
            assert retry["MaxDelaySeconds"] > 0, name


def test_only_expected_errors_are_caught(definition: Definition) -> None:
    """A catch-all would end every failure in one place, and a redrive would begin there."""
    caught = {
        error
        for state in _tasks(definition).values()
        for item in state.get("Catch", ())
        for error in item["ErrorEquals"]
    }
    no_answer = {"SageMaker.SdkClientException", "States.Timeout"}
    assert caught == {"SageMaker.SageMakerException", "SmokeTestFailed", *no_answer}


def test_every_expression_is_one(definition: Definition) -> None:
    for expression in _expressions(definition):
        Jsonata(expression)


def test_no_expression_has_what_the_two_clouds_do_not_share(definition: Definition) -> None:
    shared = re.compile(r"\$(uuid|hash|random|now|millis|eval)\(|\$(?![\w{])")
    assert [expression for expression in _expressions(definition) if shared.search(expression)] == []


def test_every_name_that_must_be_new_tells_the_attempts_apart(definition: Definition) -> None:
    for state in ("Train", "Create model", "Create endpoint config"):
        arguments = json.dumps(definition["States"][state]["Arguments"])
        assert "$exists($states.context.Execution.RedriveCount)" in arguments
        assert "$states.context.State.RetryCount" in arguments
