"""Is a JSON body of the types that an operation's model has? AWS answers before it validates anything.

Members that a model does not have are ignored, as AWS does: its clients refuse them, and Step Functions does.
"""

from collections.abc import Iterator
from typing import Any

from penstock.local.service import AwsError

_SCALARS = {
    "string": ("a String", (str,)),
    "blob": ("a ByteBuffer", (str,)),
    "boolean": ("a Boolean", (bool,)),
    "integer": ("an Integer", (int,)),
    "long": ("a Long", (int,)),
    "float": ("a Float", (int, float)),
    "double": ("a Double", (int, float)),
    "timestamp": ("a Date", (int, float, str)),
}
_NO_NUMBERS = ("Infinity", "-Infinity", "NaN")  # JSON has no other way to say them
_EXPECTED = {"list": "Expected list or null", "map": "Expected map or null", "structure": "Expected null"}


def check_types(shape: Any, body: Any) -> None:
    """Refuse a value that cannot be read as what its member is.

    Raises:
        AwsError: SerializationException, in AWS's words; they do not say where.
    """
    problem = next(_mistyped(shape, body), None) if shape is not None else None
    if problem is not None:
        raise AwsError("SerializationException", problem)


def _mistyped(shape: Any, value: Any) -> Iterator[str]:
    kind = shape.type_name
    if value is None or (kind == "structure" and shape.is_document_type):
        return
    if isinstance(value, list):
        if kind != "list":
            yield "Start of list found where not expected"
        for item in value if kind == "list" else ():
            yield from _mistyped(shape.member, item)
    elif isinstance(value, dict):
        yield from _in_object(shape, value)
    elif kind in _EXPECTED:
        yield _EXPECTED[kind]
    elif kind in {"float", "double"} and value in _NO_NUMBERS:
        return
    else:
        name, types = _SCALARS[kind]
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            yield f"{_token(value)} can not be converted to {name}"


def _in_object(shape: Any, value: dict[str, Any]) -> Iterator[str]:
    if shape.type_name == "map":
        for item in value.values():
            yield from _mistyped(shape.value, item)
    elif shape.type_name == "structure":
        names = {member.serialization.get("name", name): member for name, member in shape.members.items()}
        for name, item in value.items():
            if name in names:
                yield from _mistyped(names[name], item)
    else:
        yield "Start of structure or map found where not expected."


def _token(value: Any) -> str:
    """Return what the reader of AWS calls a value."""
    if isinstance(value, bool):
        return f"{str(value).upper()}_VALUE"
    return "STRING_VALUE" if isinstance(value, str) else "NUMBER_VALUE"
