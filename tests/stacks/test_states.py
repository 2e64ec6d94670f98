"""What holds for every state of every state machine."""

import json
import re
from collections.abc import Iterator
from typing import Any

from jsonata import Jsonata

Definition = dict[str, Any]
Definitions = dict[str, Definition]


def _expressions(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _expressions(item)
    elif isinstance(value, list):
        for item in value:
            yield from _expressions(item)
    elif isinstance(value, str) and value.startswith("{%"):
        yield value[2:-2].replace("${PollSeconds}", "15")


def _tasks(definitions: Definitions) -> Iterator[tuple[str, Any]]:
    for pipeline, definition in definitions.items():
        for name, state in definition["States"].items():
            if state["Type"] == "Task":
                yield f"{pipeline}: {name}", state


def test_every_machine_has_a_timeout(definitions: Definitions) -> None:
    assert {definition["TimeoutSeconds"] for definition in definitions.values()} == {180 * 60}


def test_every_task_has_a_timeout(definitions: Definitions) -> None:
    assert [name for name, state in _tasks(definitions) if not state.get("TimeoutSeconds")] == []


def test_every_task_is_retried_with_backoff_jitter_and_a_longest_delay(definitions: Definitions) -> None:
    for name, state in _tasks(definitions):
        if name.endswith(
            ": Update endpoint"
        ):  # made twice, it might deploy twice: what came of it is looked at instead
            continue
        for retry in state["Retry"]:
            assert retry["BackoffRate"] > 1, name
            assert retry["JitterStrategy"] == "FULL", name
            assert retry["MaxDelaySeconds"] > 0, name


def test_only_expected_errors_are_caught(definitions: Definitions) -> None:
    """A catch-all would end every failure in one place, and a redrive would begin there."""
    caught = {
        error for _, state in _tasks(definitions) for item in state.get("Catch", ()) for error in item["ErrorEquals"]
    }
    no_answer = {"SageMaker.SdkClientException", "States.Timeout"}
    lock = {"DynamoDB.ConditionalCheckFailedException", "Sfn.ExecutionDoesNotExistException"}
    assert caught == {"SageMaker.SageMakerException", "SmokeTestFailed", *no_answer, *lock}


def test_every_expression_is_one(definitions: Definitions) -> None:
    for expression in set(_expressions(definitions)):
        Jsonata(expression)


def test_no_expression_has_what_the_two_clouds_do_not_share(definitions: Definitions) -> None:
    shared = re.compile(r"\$(uuid|hash|random|now|millis|eval)\(|\$(?![\w{])")
    assert [expression for expression in _expressions(definitions) if shared.search(expression)] == []


def test_every_variable_has_its_value_before_it_is_read(definitions: Definitions) -> None:
    """From Prepare, or from the states before: where no path to a state has assigned it, AWS fails the execution."""
    for pipeline, definition in definitions.items():
        for state, known in _known(definition).items():
            body = {key: value for key, value in definition["States"][state].items() if key != "Catch"}
            used = {name for expression in _expressions(body) for name in _variables(expression)}
            assert used <= known, f"{pipeline}: {state}"


def _variables(expression: str) -> set[str]:
    names = set(re.findall(r"\$(\w+)\b(?!\s*\()", expression)) - {"states"}
    parameters = {name for group in re.findall(r"function\(([^)]*)\)", expression) for name in group.split(", ")}
    return names - {name.strip("$") for name in parameters}


def _known(definition: Definition) -> dict[str, set[str]]:
    """Return the variables that have a value when each state is entered, whichever way led to it."""
    states = definition["States"]
    known: dict[str, set[str]] = {definition["StartAt"]: set()}
    waiting = [definition["StartAt"]]
    while waiting:
        name = waiting.pop()
        state = states[name]
        for branch in (state, *state.get("Choices", ()), *state.get("Catch", ())):
            assigned = set(branch.get("Assign", ()))
            for target in (branch[key] for key in ("Next", "Default") if key in branch):
                here = known[name] | assigned
                if target not in known or not known[target] <= here:
                    known[target] = known[target] & here if target in known else here
                    waiting.append(target)
    return known


def test_every_name_that_must_be_new_tells_the_attempts_apart(definitions: Definitions) -> None:
    for name, state in _tasks(definitions):
        call = state["Resource"].rpartition(":")[2].removesuffix(".sync")
        if call.startswith("create") and call not in {
            "createEndpoint",
            "createModelPackage",
            "createModelPackageGroup",
        }:
            arguments = json.dumps(state["Arguments"])
            assert "$exists($states.context.Execution.RedriveCount)" in arguments, name
            assert "$states.context.State.RetryCount" in arguments, name
