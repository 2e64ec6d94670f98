"""The intrinsic functions of JSONPath states, in the place of moto's, which lack null, escapes and more.

AWS, "Intrinsic functions for JSONPath states in Step Functions"; States Language, "Intrinsic Functions".
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from penstock.local.services.stepfunctions.evaluation import variable
from penstock.local.services.stepfunctions.intrinsic_functions import FUNCTIONS
from penstock.local.services.stepfunctions.paths import extract

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<text>'(?:[^'\\]|\\.)*')
  | (?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?=\s*[,)])
  | (?P<word>true|false|null)(?=\s*[,)])
  | (?P<function>States\.\w+)\s*\(
  | (?P<path>\$(?:\[[^\]]*\]|[^,()\[\]])*)
    )\s*""",
    re.VERBOSE,
)
_WORDS = {"true": True, "false": False, "null": None}
_ESCAPE = re.compile(r"\\(.)")
# What Format must not take for its own: an escaped brace.
_BRACES = {"{": "\ue000", "}": "\ue001"}
_MOST_NESTED = 10
# What a Fail state's ErrorPath and CausePath may be.
OF_TEXT = frozenset(
    f"States.{name}"
    for name in ("ArrayGetItem", "Base64Decode", "Base64Encode", "Format", "Hash", "JsonToString", "UUID")
)
_FORMAT = "States.Format"


class IntrinsicError(ValueError):
    """A text that is no intrinsic function."""


@dataclass(frozen=True)
class Name:
    """The name of a function, where moto looks for it."""

    name: str


@dataclass(frozen=True)
class Function:
    """A call of an intrinsic function; each argument gives its value in an environment of moto's."""

    name: Name
    arguments: tuple[Callable[[Any], Any], ...]

    def eval(self, env: Any) -> None:
        """Push its value."""
        env.stack.append(self.value(env))

    def value(self, env: Any) -> Any:
        """Return its value.

        Raises:
            ValueError: the arguments do not fit.
        """
        return FUNCTIONS[self.name.name](*(argument(env) for argument in self.arguments))


def parse(text: str) -> tuple[Function, None]:
    """Return the function that a text is, in the form of moto's parser.

    Raises:
        IntrinsicError: it is none.
    """
    reader = _Reader(json.loads(f'"{text}"'))  # moto gives the text as it stands in the definition
    token = reader.next()
    if token.lastgroup != "function":
        raise IntrinsicError(f"{text!r} is no intrinsic function.")
    function = reader.call(token["function"], 1)
    if reader.left():
        raise IntrinsicError(f"{text!r} goes on after its end with {reader.left()!r}.")
    return function, None


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def next(self) -> re.Match[str]:
        token = _TOKEN.match(self._text, self._at)
        if token is None:
            raise IntrinsicError(f"{self._text!r} cannot be read from {self.left()!r} on.")
        self._at = token.end()
        return token

    def left(self) -> str:
        return self._text[self._at :]

    def call(self, name: str, depth: int) -> Function:
        """Read the arguments of a function, up to its closing bracket."""
        if name not in FUNCTIONS:
            raise IntrinsicError(f"There is no intrinsic function {name}.")
        if depth > _MOST_NESTED:
            raise IntrinsicError(f"{self._text!r} nests more than {_MOST_NESTED} functions.")
        arguments: list[Callable[[Any], Any]] = []
        while not self._skip(")"):
            if arguments and not self._skip(","):
                raise IntrinsicError(f"{self._text!r} lacks a comma before {self.left()!r}.")
            arguments.append(self._argument(depth, template=name == _FORMAT and not arguments))
        return Function(Name(name), tuple(arguments))

    def _skip(self, character: str) -> bool:
        stripped = self.left().lstrip()
        if not stripped.startswith(character):
            return False
        self._at = len(self._text) - len(stripped) + 1
        return True

    def _argument(self, depth: int, *, template: bool) -> Callable[[Any], Any]:
        token = self.next()
        kind = token.lastgroup or ""
        given = token[kind]
        if kind == "function":
            return self.call(given, depth + 1).value
        if kind == "path":
            return _path(given.strip())
        if kind == "text":
            braces = _BRACES if template else {}
            value: Any = _ESCAPE.sub(lambda match: braces.get(match[1], match[1]), given[1:-1])
        else:
            value = _WORDS[given] if kind == "word" else _number(given)
        return lambda _env: value


def _number(text: str) -> float:
    value = float(text)
    return int(value) if value.is_integer() else value


def _path(path: str) -> Callable[[Any], Any]:
    if path.startswith("$$"):
        return lambda env: extract(path[1:], env.states.context_object.context_object_data)
    if path == "$" or path[1] in ".[":
        return lambda env: env.stack[-1] if path == "$" else extract(path, env.stack[-1])
    return lambda env: variable(env, path)
