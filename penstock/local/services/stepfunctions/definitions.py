"""Is this a state machine? What AWS checks when one is created or updated, and moto when it is too late."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import BotoCoreError
from botocore.model import OperationNotFoundError, ServiceModel

from penstock.local.service import AwsError, JsonObject
from penstock.local.services.stepfunctions import expressions, interpreter, task

Models = Callable[[str], ServiceModel]
_DISTRIBUTED = {
    "ItemReader",
    "ResultWriter",
    "ToleratedFailureCount",
    "ToleratedFailureCountPath",
    "ToleratedFailurePercentage",
    "ToleratedFailurePercentagePath",
}
_NEED_A_NEXT = {"Task", "Pass", "Wait", "Parallel", "Map"}


def check(definition: str, models: Models) -> None:
    """Check a definition; `models` gives the API of each service by botocore's name.

    Raises:
        AwsError: InvalidDefinition; every problem is listed.
    """
    try:
        machine = json.loads(definition)
    except ValueError as error:
        raise _invalid([f"INVALID_JSON_DESCRIPTION: {error}"]) from error
    try:
        interpreter.parse(definition)
    except ValueError as error:
        raise _invalid([f"SCHEMA_VALIDATION_FAILED: {error}"]) from error
    if problems := [*_problems(machine, "", models)]:
        raise _invalid(problems)


def _invalid(problems: list[str]) -> AwsError:
    return AwsError("InvalidDefinition", f"Invalid State Machine Definition: '{', '.join(problems)}'")


def _problems(machine: JsonObject, at: str, models: Models) -> Iterator[str]:
    states: dict[str, JsonObject] = machine["States"]
    targets = [(f"{at}/StartAt", machine["StartAt"])]
    for name, state in states.items():
        here = f"{at}/States/{name}"
        targets += _targets(state, here)
        if state["Type"] in _NEED_A_NEXT and ("Next" in state) == bool(state.get("End")):
            yield f"SCHEMA_VALIDATION_FAILED: One of the fields Next and End is required at {here}"
        yield from _unserved(state, here)
        yield from _in_expressions(state, here)
        yield from _in_arguments(state, here, models)
        for where, inner in _machines_within(state, here):
            yield from _problems(inner, where, models)
    for where, target in targets:
        if target not in states:
            yield f"MISSING_TRANSITION_TARGET: Missing 'Next' target: {target} at {where}"
    for name in states.keys() - {target for _, target in targets}:
        yield f'MISSING_TRANSITION_TARGET: State "{name}" is not reachable. at {at}/States/{name}'


def _unserved(state: JsonObject, at: str) -> Iterator[str]:
    """What AWS has and the local cloud has not, by name: it would pass here as something else."""
    mode = state.get("ItemProcessor", {}).get("ProcessorConfig", {}).get("Mode", "INLINE")
    of_distributed_maps = sorted(_DISTRIBUTED & state.keys()) if state["Type"] == "Map" else []
    if mode != "INLINE" or of_distributed_maps:
        found = ", ".join(of_distributed_maps) or f"Mode {mode}"
        yield f"The local cloud runs Map states of mode INLINE only, and this one has {found} at {at}"
    resource = state.get("Resource", "")
    if ":activity:" in resource:
        yield f"The local cloud has no activities: {resource} at {at}/Resource"


def _targets(state: JsonObject, at: str) -> Iterator[tuple[str, str]]:
    for key in ("Next", "Default"):
        if key in state:
            yield f"{at}/{key}", state[key]
    for key in ("Choices", "Catch"):
        for index, rule in enumerate(state.get(key, [])):
            yield f"{at}/{key}[{index}]/Next", rule["Next"]


def _machines_within(state: JsonObject, at: str) -> Iterator[tuple[str, JsonObject]]:
    for index, branch in enumerate(state.get("Branches", [])):
        yield f"{at}/Branches[{index}]", branch
    for key in ("ItemProcessor", "Iterator"):
        if key in state:
            yield f"{at}/{key}", state[key]


def _in_expressions(value: Any, at: str) -> Iterator[str]:
    if isinstance(value, str) and value.startswith("{%") and value.endswith("%}"):
        try:
            expressions.parse(value[2:-2])
        except expressions.ExpressionError as error:
            yield f"SCHEMA_VALIDATION_FAILED: Invalid JSONata expression. {error} at {at}"
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in {"Branches", "ItemProcessor", "Iterator"}:
                yield from _in_expressions(item, f"{at}/{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _in_expressions(item, f"{at}[{index}]")


def _in_arguments(state: JsonObject, at: str, models: Models) -> Iterator[str]:
    """Names that the API does not know; what is wrong with values shows when they are known."""
    integration = state.get("Resource", "").partition(":states:::")[2].partition(".")[0]
    if not integration:
        return
    service, action = integration.split(":")[-2:]
    try:
        operation = models(task.boto_name(service)).operation_model(action[:1].upper() + action[1:])
    except (BotoCoreError, OperationNotFoundError):
        yield f"SCHEMA_VALIDATION_FAILED: The resource provided {state['Resource']} is not recognized. at {at}/Resource"
        return
    where = "Parameters" if "Parameters" in state else "Arguments"
    arguments = state.get(where)
    shape = operation.input_shape
    known = {name[:1].upper() + name[1:] for name in shape.members} if shape else set()
    for name in arguments if isinstance(arguments, dict) else ():
        if name.removesuffix(".$") not in known:
            yield f'SCHEMA_VALIDATION_FAILED: The field "{name}" is not supported by Step Functions at {at}/{where}'
