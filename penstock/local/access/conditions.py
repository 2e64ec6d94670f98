"""Conditions of a statement."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from penstock.local.access.context import Context
from penstock.local.access.known_keys import is_known
from penstock.local.access.operators import OPERATORS, Operator
from penstock.local.access.patterns import is_filled

_ANY, _ALL = "foranyvalue:", "forallvalues:"
_IF_EXISTS = "ifexists"
_NULL = "null"


@dataclass(frozen=True)
class Condition:
    """One key of one operator's block: it holds if any of `values` does, or with a negated operator, none of them."""

    operator: Operator | None  # None: Null
    key: str
    values: tuple[str, ...]
    text: str  # the operator as written
    many: str = ""
    if_exists: bool = False

    def is_known(self, context: Context) -> bool:
        """Is it about a key that calls can have in this cloud?"""
        return is_known(self.key) or context.get(self.key) is not None

    def holds(self, context: Context, variables: Context | None) -> bool:
        """Does it hold for a call? `variables` is the context for the policy's variables, if its version has them."""
        found = context.get(self.key)
        if self.operator is None:
            return ("true" if found is None else "false") in {value.lower() for value in self.values}
        if not found:
            return self._without_key()
        if self.many == _ALL:
            return all(self._holds(value, self.operator, variables) for value in found)
        if self.many == _ANY or not self.operator.negated:
            return any(self._holds(value, self.operator, variables) for value in found)
        return all(self._holds(value, self.operator, variables) for value in found)

    def _without_key(self) -> bool:
        if self.many == _ANY:
            return False
        return self.many == _ALL or self.if_exists or bool(self.operator and self.operator.negated)

    def _holds(self, value: str, operator: Operator, variables: Context | None) -> bool:
        if operator.negated and not all(is_filled(wanted, variables) for wanted in self.values):
            return False  # what is not known cannot be told to differ
        return operator.negated != any(operator.compare(value, wanted, variables) for wanted in self.values)

    def __str__(self) -> str:
        """Return it as one would say it."""
        return f"{self.text} {self.key}: {' or '.join(self.values)}"


@dataclass(frozen=True)
class Written:
    """An operator as it is written: with the prefix of keys of many values, and whether the key may be missing."""

    plain: str
    many: str
    if_exists: bool

    @property
    def known(self) -> bool:
        """Does IAM have it?"""
        return self.plain == _NULL or self.plain in OPERATORS


def operator_of(text: str) -> Written:
    """Take an operator apart."""
    name = text.lower()
    many = next((prefix for prefix in (_ANY, _ALL) if name.startswith(prefix)), "")
    name = name.removeprefix(many)
    plain = name.removesuffix(_IF_EXISTS)
    return Written(plain, many, if_exists=name != plain)


def read(block: Mapping[str, Any]) -> Iterator[Condition]:
    """Read the well-formed Condition element of a statement."""
    for text, tests in block.items():
        written = operator_of(text)
        for key, given in tests.items():
            values = given if isinstance(given, list) else [given]
            yield Condition(
                operator=OPERATORS.get(written.plain),
                key=key,
                values=tuple(_text(value) for value in values),
                text=text,
                many=written.many,
                if_exists=written.if_exists,
            )


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
