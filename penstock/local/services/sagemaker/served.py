"""Which members of a request are served: the local cloud refuses what it would only pretend to do."""

from collections.abc import Iterator, Mapping
from typing import Any

from penstock.local.service import AwsError

ANY: None = None
# ANY value; a mapping of members; a list with the form of each item; or a tuple of the values that are served.
Form = None | Mapping[str, Any] | list[Any] | tuple[Any, ...]


def check(request: Any, form: Form) -> None:
    """Refuse a request that uses what is not served.

    Raises:
        AwsError: ValidationException, naming every such member.
    """
    found = list(_unserved(request, form, ""))
    if found:
        raise AwsError(
            "ValidationException",
            f"The local cloud does not serve {', '.join(found)}. Leave it out, or run this on AWS.",
        )


def _unserved(value: Any, form: Form, path: str) -> Iterator[str]:
    if isinstance(form, tuple):
        if value not in form:
            yield f"{path}={value!r} (only {' or '.join(repr(served) for served in form)})"
    elif isinstance(form, Mapping):
        for name, member in value.items():
            inner = f"{path}.{name}" if path else name
            if name in form:
                yield from _unserved(member, form[name], inner)
            else:
                yield inner
    elif isinstance(form, list):
        for index, item in enumerate(value):
            yield from _unserved(item, form[0], f"{path}[{index}]")
