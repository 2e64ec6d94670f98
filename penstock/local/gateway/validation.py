"""Is a request valid by botocore's service model? What AWS's own front end checks before a service sees a call."""

import reprlib
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import unquote

import regex
from moto.core.model import OperationModel

from penstock.local.gateway.requests import Call
from penstock.local.service import AwsError

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "boolean": (bool,),
    "list": (list, tuple),
    "map": (dict,),
    "structure": (dict,),
}


# What AWS's models require of answers that AWS gives without it: a version in a group has no name of its own.
_ABSENT = {"DescribeModelPackage": {"ModelPackageName": "none"}}


def check(call: Call) -> None:
    """Refuse a request that lacks, mistypes or oversteps a parameter.

    Raises:
        AwsError: ValidationException in AWS's form; every problem is listed.
    """
    shape = call.operation.input_shape
    if shape is None:
        return
    problems = [*_problems(shape, call.parameters, "")]
    if problems:
        count = f"{len(problems)} validation error{'s' if len(problems) > 1 else ''} detected"
        code = "ValidationError" if call.service in {"cloudwatch", "sagemaker-runtime"} else "ValidationException"
        raise AwsError(code, f"{count}: {'; '.join(problems)}")


def check_response(operation: OperationModel, result: Any) -> None:
    """Assert that an answer of ours is one that AWS could have given: clients read responses strictly.

    Raises:
        AwsError: InternalFailure (500), naming the member.
    """
    if operation.output_shape is None:
        return
    problems = [*_problems(operation.output_shape, _ABSENT.get(str(operation.name), {}) | result, "")]
    if problems:
        raise AwsError("InternalFailure", f"{operation.name} answered out of its shape: {'; '.join(problems)}", 500)


def _problems(shape: Any, value: Any, path: str) -> Iterator[str]:
    expected = _TYPES.get(shape.type_name)
    if expected and (not isinstance(value, expected) or (isinstance(value, bool) and bool not in expected)):
        constraint = f"Member must be of type {shape.type_name}"
        yield f"Value {_shown(value)} at '{path}' failed to satisfy constraint: {constraint}"
        return
    for unmet in _out_of_bounds(shape, value):
        yield f"Value {_shown(value)} at '{path}' failed to satisfy constraint: Member must {unmet}"
    if shape.type_name == "structure":
        yield from _problems_of_members(shape, value, path)
    elif shape.type_name == "list":
        for index, item in enumerate(value, 1):
            yield from _problems(shape.member, item, f"{path}.{index}.member")
    elif shape.type_name == "map":
        for key, item in value.items():
            yield from _problems(shape.key, key, f"{path}.key")
            yield from _problems(shape.value, item, _join(path, key))


def _problems_of_members(shape: Any, value: Any, path: str) -> Iterator[str]:
    if shape.is_document_type:
        return
    for name in shape.required_members:
        if value.get(name) is None:
            yield f"Value null at '{_join(path, name)}' failed to satisfy constraint: Member must not be null"
    for name, member in shape.members.items():
        if value.get(name) is not None:
            yield from _problems(member, value[name], _join(path, name))


def _out_of_bounds(shape: Any, value: Any) -> Iterator[str]:
    rules = shape.metadata
    if "enum" in rules and value not in rules["enum"]:
        yield f"satisfy enum value set: [{', '.join(rules['enum'])}]"
    # S3 decodes what is copied before it looks at it: bucket%2Fkey.
    plain = unquote(value) if shape.name == "CopySource" else value
    if shape.type_name == "string" and "pattern" in rules and not _pattern(rules["pattern"]).fullmatch(plain):
        yield f"satisfy regular expression pattern: {rules['pattern']}"
    sized = shape.type_name in {"string", "list", "map", "blob"}
    if shape.type_name in {"integer", "long", "float", "double"}:
        size, what = value, "have value"
    elif sized and hasattr(value, "__len__"):
        size, what = len(value), "have length"
    else:
        return
    if "min" in rules and size < rules["min"]:
        yield f"{what} greater than or equal to {rules['min']}"
    if "max" in rules and size > rules["max"]:
        yield f"{what} less than or equal to {rules['max']}"


@cache
def _pattern(pattern: str) -> regex.Pattern[str]:
    """Compile one of the models' patterns: they are Java's, which `regex` reads but for ranges of surrogate pairs."""
    return regex.compile(pattern.replace(r"\uD800\uDC00-\uDBFF\uDFFF", r"\U00010000-\U0010FFFF"), regex.DOTALL)


def _shown(value: Any) -> str:
    return reprlib.repr(value)


def _join(path: str, name: str) -> str:
    """Return the path of a member, as AWS writes it: resourceConfig.instanceType."""
    name = name[:1].lower() + name[1:]
    return f"{path}.{name}" if path else name
