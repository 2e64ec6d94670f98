"""JSONata, written from Python."""

from collections.abc import Mapping, Sequence
from typing import Any


def merged(base: Mapping[str, Any], *optional: tuple[str, Mapping[str, Any]]) -> str:
    """Return a `{% … %}` of `base` and of what is only there under a condition: a key cannot be left out otherwise.

    Each of `optional` is the JSONata of its condition, and what is there if it holds.
    """
    parts = [inline(base), *(f"{condition} ? {inline(part)} : {{}}" for condition, part in optional)]
    return f"{{% $merge([{', '.join(parts)}]) %}}"


def inline(value: Any) -> str:
    """Return the JSONata of a JSON value, in which any string may be a `{% … %}`."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"'{key}': {inline(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(inline, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        return repr(value)
    return value[2:-2].strip() if value.startswith("{%") else f"'{value}'"
