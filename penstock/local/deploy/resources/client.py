"""A client as CloudFormation's own: "30" will do where a number is wanted, and who is throttled tries again."""

import time
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError
from botocore.model import Shape

from penstock.local.call_errors import throttled
from penstock.local.deploy.intrinsics import text

_PAUSES_SECONDS = (0.05, 0.1, 0.2, 0.4)


class Lenient:
    """A boto3 client, but for the types of single values, and for throttling."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        """Return an operation of the client, or whatever else it has."""
        operations = self._client.meta.method_to_api_mapping
        attribute = getattr(self._client, name)
        if name not in operations:
            return attribute
        shape = self._client.meta.service_model.operation_model(operations[name]).input_shape
        return lambda **parameters: _patiently(attribute, converted(parameters, shape))


def _patiently(operation: Callable[..., Any], parameters: dict[str, Any]) -> Any:
    for pause in _PAUSES_SECONDS:
        try:
            return operation(**parameters)
        except ClientError as error:
            if not throttled(error):
                raise
            time.sleep(pause)
    return operation(**parameters)


def converted(value: Any, shape: Shape | None) -> Any:
    """Return a value in the types of a service's shape; what cannot be one is left to botocore to refuse."""
    if shape is None:
        return value
    if isinstance(value, dict) and shape.type_name == "structure":
        return {key: converted(item, shape.members.get(key)) for key, item in value.items()}
    if isinstance(value, dict) and shape.type_name == "map":
        return {key: converted(item, shape.value) for key, item in value.items()}
    if isinstance(value, list) and shape.type_name == "list":
        return [converted(item, shape.member) for item in value]
    try:
        return _SINGLE.get(shape.type_name, _same)(value)
    except (TypeError, ValueError, KeyError):
        return value


def _same(value: Any) -> Any:
    return value


def _boolean(value: Any) -> bool:
    return value if isinstance(value, bool) else {"true": True, "false": False}[value]


def _integer(value: Any) -> Any:
    return int(value) if isinstance(value, str) else value


def _number(value: Any) -> Any:
    return float(value) if isinstance(value, str) else value


_SINGLE: dict[str, Callable[[Any], Any]] = {
    "boolean": _boolean,
    "double": _number,
    "float": _number,
    "integer": _integer,
    "long": _integer,
    "string": text,
}
