"""Metric math: the expressions, as trees.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z]\w*)|(?P<text>'[^']*'|\"[^\"]*\")"
    r"|(?P<sign>&&|\|\||==|!=|<=|>=|[-+*/^<>()\[\],]))"
)
# From the loosest to the tightest.
_LEVELS: tuple[tuple[str, ...], ...] = (
    ("OR", "||"),
    ("AND", "&&"),
    ("==", "!=", "<", ">", "<=", ">="),
    ("+", "-"),
    ("*", "/"),
)
# The functions, and how many arguments they take.
_FUNCTIONS: Mapping[str, tuple[int, ...]] = {
    **dict.fromkeys(("ABS", "AVG", "CEIL", "FLOOR", "MAX", "MIN", "PERIOD", "SUM"), (1,)),
    "FILL": (2,),
    "IF": (2, 3),
    "METRICS": (0,),
}
_DEEPEST = 40
_SAME = {"||": "OR", "&&": "AND"}


class ExpressionError(ValueError):
    """An expression that cannot be read; the message says what is wrong with it."""


@dataclass(frozen=True)
class Number:
    """A number."""

    value: float


@dataclass(frozen=True)
class Name:
    """The Id of a metric or of another expression."""

    name: str


@dataclass(frozen=True)
class Array:
    """Several things in brackets."""

    items: "tuple[Node, ...]"


@dataclass(frozen=True)
class Call:
    """A function, or an operator, with what it is applied to."""

    function: str
    arguments: "tuple[Node, ...]"


Node = Number | Name | Array | Call


def parse(text: str) -> Node:
    """Read an expression.

    Raises:
        ExpressionError: it is malformed.
    """
    parser = _Parser(text)
    node = parser.level(0)
    if parser.next is not None:
        raise ExpressionError(f"unexpected {parser.next!r} in {text!r}")
    return node


def names(node: Node) -> Iterator[str]:
    """Yield the Ids in an expression."""
    if isinstance(node, Name):
        yield node.name
    for part in node.items if isinstance(node, Array) else node.arguments if isinstance(node, Call) else ():
        yield from names(part)


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _tokens(text)
        self._depth = 0
        self.kind, self.next = next(self._tokens)

    def level(self, number: int) -> Node:
        """Read operators that bind at least so tightly, from the left."""
        if number == len(_LEVELS):
            return self._power()
        node = self.level(number + 1)
        while self.kind in {"sign", "name"} and self.next in _LEVELS[number]:
            operator = self._take()
            node = Call(_SAME.get(operator, operator), (node, self.level(number + 1)))
        return node

    def _power(self) -> Node:
        if self.next == "-":
            self._take()
            return Call("-", (Number(0), self._deeper(self._power)))
        node = self._atom()
        if self.next == "^":
            self._take()
            return Call("^", (node, self._deeper(self._power)))
        return node

    def _atom(self) -> Node:
        kind, word = self.kind, self._take()
        if kind == "number":
            return Number(float(word))
        if kind == "name":
            return self._called(word) if self.next == "(" else Name(word)
        if word == "(":
            node = self._deeper(lambda: self.level(0))
            self._expect(")")
            return node
        if word == "[":
            return Array(self._list("]"))
        raise ExpressionError(f"unexpected {word!r} in {self._text!r}")

    def _called(self, function: str) -> Node:
        if function not in _FUNCTIONS:
            known = ", ".join(sorted(_FUNCTIONS))
            raise ExpressionError(f"the local cloud does not have metric math's function {function}; it has {known}")
        self._take()
        arguments = self._list(")")
        if len(arguments) not in _FUNCTIONS[function]:
            raise ExpressionError(f"{function} does not take {len(arguments)} argument{'s' * (len(arguments) != 1)}")
        if function == "FILL" and arguments[1] == Name("REPEAT"):
            return Call("REPEAT", arguments[:1])
        return Call(function, arguments)

    def _list(self, end: str) -> tuple[Node, ...]:
        items: list[Node] = []
        while self.next != end:
            if items:
                self._expect(",")
            items.append(self._deeper(lambda: self.level(0)))
        self._take()
        return tuple(items)

    def _deeper(self, read: Callable[[], Node]) -> Node:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ExpressionError("the expression is nested too deeply")
        node = read()
        self._depth -= 1
        return node

    def _expect(self, token: str) -> None:
        if self._take() != token:
            raise ExpressionError(f"{token!r} is missing in {self._text!r}")

    def _take(self) -> str:
        token = self.next
        if token is None:
            raise ExpressionError(f"{self._text!r} ends too early")
        self.kind, self.next = next(self._tokens)
        return token


def _tokens(text: str) -> Iterator[tuple[str, str | None]]:
    place = 0
    while text[place:].strip():
        found = _TOKEN.match(text, place)
        if found is None:
            raise ExpressionError(f"unexpected {text[place:].strip()[0]!r} in {text!r}")
        place = found.end()
        kind = str(found.lastgroup)
        yield kind, found[kind]
    yield "end", None
