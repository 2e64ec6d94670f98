"""What is known of a call: the condition keys that policies can ask about."""

from collections.abc import Callable, Mapping, Sequence

Value = str | Sequence[str]
# The tags of something, asked for only if a policy asks.
Tags = Callable[[], Mapping[str, str]]


class Context:
    """Condition keys, whose case does not count, and their values; `tags` are by prefix, as "aws:ResourceTag"."""

    def __init__(self, values: Mapping[str, Value], tags: Mapping[str, Tags] | None = None) -> None:
        self._values = {key.lower(): value for key, value in values.items()}
        self._tags = {prefix.lower(): load for prefix, load in (tags or {}).items()}

    def get(self, key: str) -> tuple[str, ...] | None:
        """Return the values of a key, or None where the call does not have it."""
        value: Value | None = self._values.get(key.lower())
        if value is None and "/" in key and self._tags:
            prefix, _, name = key.partition("/")
            value = self._tag(prefix.lower(), name)
        if value is None:
            return None
        return (value,) if isinstance(value, str) else tuple(value)

    def _tag(self, prefix: str, name: str) -> str | None:
        load = self._tags.get(prefix)
        tags = load() if load is not None else {}
        return next((value for key, value in tags.items() if key.lower() == name.lower()), None)
