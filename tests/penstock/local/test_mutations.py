"""Each SageMaker call of the state machine, with one parameter after another misspelt, left out or of a wrong type.

AWS has two guards: Step Functions, which refuses what SageMaker's API does not know or cannot take, and SageMaker
itself, which ignores what it does not know. Both are asked here without a cloud.
"""

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import boto3
import pytest
from botocore import xform_name
from botocore.exceptions import ParamValidationError
from moto.core.utils import get_service_model

from penstock.local.gateway import validation
from penstock.local.gateway.requests import Call
from penstock.local.gateway.serialization import check_types
from penstock.local.service import AwsError
from penstock.local.services.stepfunctions import expressions
from penstock.local.services.stepfunctions.shapes import to_request

ROLE = "arn:aws:iam::123456789012:role/dev-bigmart-execution"
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/dev-tabular:0123456789ab"
SUBSTITUTIONS = {
    "${ExecutionRoleArn}": ROLE,
    "${ProcessingImage}": IMAGE,
    "${ProgramUri}": "s3://assets/0123456789ab.zip",
    "${TrainingImage}": "123456789012.dkr.ecr.us-east-1.amazonaws.com/dev-forest:0123456789ab",
    "${KeyArn}": "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000",
}
FOLDER = "s3://artefacts/bigmart/runs/7c1f09ab"
METRICS = {"rmse": 1043.7, "mae": 730.1}
# What the states before these have assigned.
VARIABLES = {
    "run": "7c1f09ab",
    "known": False,
    "generation": 5,
    "folder": FOLDER,
    "data": f"{FOLDER}/input/",
    "settings": f"{FOLDER}/settings/",
    "champion_profile": "s3://artefacts/bigmart/runs/5d02c1e9/profile/",
    "artefact": f"{FOLDER}/output/j/output/model.tar.gz",
    "training_job": "dev-bigmart-7c1f09ab",
    "image": SUBSTITUTIONS["${TrainingImage}"],
    "model": "dev-bigmart-7c1f09ab",
    "model_run": "7c1f09ab",
    "config": "dev-bigmart-7c1f09ab",
    "former": "dev-bigmart-5d02c1e9",
    "variants": ["main"],
    "serves_as": "main",
    "evaluation": f"{FOLDER}/evaluation/",
    "metrics": METRICS,
    "judged": {"challenger": {"run": "7c1f09ab", "rows": 852, "metrics": METRICS}, "champion": None},
    "champion": {
        "run": "5d02c1e9",
        "image": IMAGE,
        "artefact": "s3://artefacts/bigmart/runs/5d02c1e9/output/j/output/model.tar.gz",
        "seen": "s3://artefacts/bigmart/runs/5d02c1e9/processed/seen/",
    },
    "hyperparameters": {"n_estimators": "100"},
    "instance_types": dict.fromkeys(("check", "process", "train", "evaluate", "deploy"), "ml.m5.large"),
    "volume_keys": dict.fromkeys(("check", "process", "train", "evaluate", "deploy"), True),
    "states": {"context": {"State": {"RetryCount": 0}, "Execution": {}}},
}
WRONG = {
    "string": {"no": "text"},
    "integer": "one",
    "float": "one",
    "boolean": "yes",
    "list": "none",
    "map": "none",
    "structure": "none",
}


class Mutation(NamedTuple):
    """A request with one parameter changed: `path` leads to it, and `shape` is what it should be."""

    path: tuple[Any, ...]
    request: Any
    shape: Any
    required: bool

    @property
    def name(self) -> str:
        return str(self.path[-1])


@pytest.fixture(scope="module")
def requests(definition: dict[str, Any]) -> dict[str, tuple[str, Any]]:
    """What the machine's states send to SageMaker: state → operation and request."""
    found = {}
    for name, state in definition["States"].items():
        resource = state.get("Resource", "")
        if "sagemaker:" in resource:
            action = resource.rpartition("sagemaker:")[2].removesuffix(".sync")
            found[name] = action[0].upper() + action[1:], _evaluated(state["Arguments"])
    return found


def _evaluated(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _evaluated(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_evaluated(item) for item in value]
    if not isinstance(value, str):
        return value
    for placeholder, substitute in SUBSTITUTIONS.items():
        value = value.replace(placeholder, substitute)
    return expressions.value_of(value[2:-2], VARIABLES) if value.startswith("{%") else value


def _operation(name: str) -> Any:
    return get_service_model("sagemaker").operation_model(name)


def _parameters(shape: Any, value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any, bool]]:
    """Yield every parameter of a request: its path, its shape, and whether it is required where it is."""
    if shape.type_name == "structure":
        for name, item in value.items():
            yield (*path, name), shape.members[name], name in shape.required_members
            yield from _parameters(shape.members[name], item, (*path, name))
    elif shape.type_name == "list":
        for index, item in enumerate(value):
            yield from _parameters(shape.member, item, (*path, index))
    elif shape.type_name == "map":
        for key in value:
            yield (*path, key), shape.value, False


def _mutated(
    requests: dict[str, tuple[str, Any]], change: Callable[[Any, Any, Any], None]
) -> Iterator[tuple[str, str, Mutation]]:
    """Yield state, operation and mutation for each parameter of each call."""
    for state, (operation, request) in requests.items():
        for path, shape, required in _parameters(_operation(operation).input_shape, request):
            mutated = copy.deepcopy(request)
            holder = mutated
            for step in path[:-1]:
                holder = holder[step]
            change(holder, path[-1], shape)
            yield state, operation, Mutation(path, mutated, shape, required)


def _misspelt(holder: Any, name: Any, _shape: Any) -> None:
    holder[f"{name}x"] = holder.pop(name)


def _missing(holder: Any, name: Any, _shape: Any) -> None:
    del holder[name]


def _mistyped(holder: Any, name: Any, shape: Any) -> None:
    holder[name] = WRONG[shape.type_name]


def _in_a_map(requests: dict[str, tuple[str, Any]], operation: str, path: tuple[Any, ...]) -> bool:
    """Is this a key that whoever calls makes up, such as a hyperparameter's name?"""
    shape = _operation(operation).input_shape
    for step in path[:-1]:
        shape = shape.member if isinstance(step, int) else shape.members[step]
    return bool(shape.type_name == "map")


def _sagemaker_refuses(operation: str, request: Any) -> AwsError | None:
    model = _operation(operation)
    known = _known(model.input_shape, request)
    try:
        check_types(model.input_shape, request)
        validation.check(Call("sagemaker", model, known, None, "json"))
    except AwsError as error:
        return error
    return None


def _known(shape: Any, value: Any) -> Any:
    """Return a request as a parser gives it: without what the model does not have."""
    if shape.type_name == "structure" and isinstance(value, dict):
        return {key: _known(shape.members[key], item) for key, item in value.items() if key in shape.members}
    if shape.type_name == "list" and isinstance(value, list):
        return [_known(shape.member, item) for item in value]
    return value


@pytest.fixture(scope="module")
def step_functions_refuses() -> Callable[[str, Any], str]:
    """What Step Functions says of the arguments of a task; nothing is sent, as nobody listens."""
    keys = {"aws_access_key_id": "AKIA", "aws_secret_access_key": "secret"}
    client = boto3.client("sagemaker", region_name="us-east-1", endpoint_url="http://localhost:1", **keys)

    def refusal(operation: str, request: Any) -> str:
        with pytest.raises(ParamValidationError) as refused:
            getattr(client, xform_name(operation))(**to_request(request, _operation(operation).input_shape))
        return str(refused.value.kwargs["report"])

    return refusal


def test_the_requests_as_they_are_pass(requests: dict[str, tuple[str, Any]]) -> None:
    assert {operation for operation, _ in requests.values()} == {
        "CreateProcessingJob",
        "CreateTrainingJob",
        "CreateModelPackage",
        "CreateModelPackageGroup",
        "CreateModel",
        "CreateEndpointConfig",
        "DescribeEndpoint",
        "CreateEndpoint",
        "UpdateEndpoint",
        "DeleteEndpoint",
    }
    for operation, request in requests.values():
        assert _sagemaker_refuses(operation, request) is None, json.dumps(request)


def test_step_functions_refuses_a_misspelt_parameter(
    requests: Any, subtests: Any, step_functions_refuses: Callable[[str, Any], str]
) -> None:
    for state, operation, mutation in _mutated(requests, _misspelt):
        if not _in_a_map(requests, operation, mutation.path):
            with subtests.test(state=state, path=mutation.path):
                said = step_functions_refuses(operation, mutation.request)
                assert "Unknown parameter in" in said
                assert f'"{mutation.name}x"' in said


def test_step_functions_refuses_a_missing_parameter(
    requests: Any, subtests: Any, step_functions_refuses: Callable[[str, Any], str]
) -> None:
    for state, operation, mutation in _mutated(requests, _missing):
        if mutation.required:
            with subtests.test(state=state, path=mutation.path):
                said = step_functions_refuses(operation, mutation.request)
                assert "Missing required parameter" in said
                assert f'"{mutation.name}"' in said


def test_step_functions_refuses_a_wrong_type(
    requests: Any, subtests: Any, step_functions_refuses: Callable[[str, Any], str]
) -> None:
    for state, operation, mutation in _mutated(requests, _mistyped):
        with subtests.test(state=state, path=mutation.path):
            said = step_functions_refuses(operation, mutation.request)
            assert "Invalid type for parameter" in said
            assert mutation.name in said


def test_sagemaker_misses_a_misspelt_parameter_only_where_it_is_required(requests: Any, subtests: Any) -> None:
    for state, operation, mutation in _mutated(requests, _misspelt):
        with subtests.test(state=state, path=mutation.path):
            error = _sagemaker_refuses(operation, mutation.request)
            if mutation.required:
                assert error is not None
                assert error.code == "ValidationException"
                assert _missed(mutation) in error.message
            else:
                assert error is None


def test_sagemaker_refuses_a_missing_parameter(requests: Any, subtests: Any) -> None:
    for state, operation, mutation in _mutated(requests, _missing):
        if mutation.required:
            with subtests.test(state=state, path=mutation.path):
                error = _sagemaker_refuses(operation, mutation.request)
                assert error is not None
                assert (error.code, error.status) == ("ValidationException", 400)
                assert _missed(mutation) in error.message


def test_sagemaker_refuses_a_wrong_type(requests: Any, subtests: Any) -> None:
    for state, operation, mutation in _mutated(requests, _mistyped):
        with subtests.test(state=state, path=mutation.path):
            error = _sagemaker_refuses(operation, mutation.request)
            assert error is not None
            assert (error.code, error.status) == ("SerializationException", 400)


def test_there_are_many_of_them(requests: Any) -> None:
    assert sum(1 for _ in _mutated(requests, _missing)) > 80


def _missed(mutation: Mutation) -> str:
    steps = [f"{step + 1}.member" if isinstance(step, int) else step[0].lower() + step[1:] for step in mutation.path]
    path = ".".join(steps)
    return f"Value null at '{path}' failed to satisfy constraint: Member must not be null"
