"""Rules of composite alarms: `ALARM("one") AND NOT (OK(other) OR INSUFFICIENT_DATA(third))`."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

_TOKEN = re.compile(
    r"\s*(?:(?P<state>ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:\"(?P<quoted>[^\"]+)\"|(?P<plain>[^()\"\s][^()\"]*?))\s*\)"
    r"|(?P<word>[A-Za-z_]+)|(?P<sign>[()]))"
)
_MOST_ALARMS = 100
_DEEPEST = 40
_Test = Callable[[Mapping[str, str]], bool]


class RuleError(ValueError):
    """A rule that cannot be read; the message says why."""


@dataclass(frozen=True)
class Rule:
    """A rule that was read: the names of its alarms, and whether it holds when these are in certain states."""

    alarms: tuple[str, ...]
    holds: _Test


def parse(text: str) -> Rule:
    """Read a rule; alarms are named by their names or ARNs.

    Raises:
        RuleError: it is malformed, or names more than a hundred alarms.
    """
    parser = _Parser(text)
    test = parser.either()
    if parser.next:
        raise RuleError(f"unexpected {parser.next!r} in the alarm rule")
    if len(parser.alarms) > _MOST_ALARMS:
        raise RuleError(f"an alarm rule can name at most {_MOST_ALARMS} alarms; this one names {len(parser.alarms)}")
    return Rule(tuple(parser.alarms), test)


class _Parser:
    def __init__(self, text: str) -> None:
        self.alarms: dict[str, None] = {}
        self._tokens = _tokens(text)
        self._depth = 0
        self.next, self._test = next(self._tokens)

    def either(self) -> _Test:
        test = self._both()
        while self.next == "OR":
            self._take()
            test = _or(test, self._both())
        return test

    def _both(self) -> _Test:
        test = self._one()
        while self.next == "AND":
            self._take()
            test = _and(test, self._one())
        return test

    def _one(self) -> _Test:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise RuleError("the alarm rule is nested too deeply")
        word, state = self._take()
        test = self._read(word, state)
        self._depth -= 1
        return test

    def _read(self, word: str, state: tuple[str, str] | None) -> _Test:
        if state is not None:
            name, value = state
            self.alarms[name] = None
            return lambda states: states.get(name, "INSUFFICIENT_DATA") == value
        if word == "NOT":
            inner = self._one()
            return lambda states: not inner(states)
        if word in {"TRUE", "FALSE"}:
            return lambda _: word == "TRUE"
        if word == "(":
            inner = self.either()
            if self._take()[0] != ")":
                raise RuleError("a parenthesis in the alarm rule is not closed")
            return inner
        raise RuleError(f"unexpected {word!r} in the alarm rule" if word else "the alarm rule ends too early")

    def _take(self) -> tuple[str, tuple[str, str] | None]:
        taken = self.next, self._test
        self.next, self._test = next(self._tokens, ("", None))
        return taken


def _tokens(text: str) -> Iterator[tuple[str, tuple[str, str] | None]]:
    place = 0
    while text[place:].strip():
        found = _TOKEN.match(text, place)
        if found is None:
            raise RuleError(f"unexpected {text[place:].strip()[0]!r} in the alarm rule")
        place = found.end()
        name = (found["quoted"] or found["plain"] or "").rpartition(":alarm:")[2]
        yield found[0].strip(), (name, found["state"]) if found["state"] else None
    yield "", None


def _or(left: _Test, right: _Test) -> _Test:
    return lambda states: left(states) or right(states)


def _and(left: _Test, right: _Test) -> _Test:
    return lambda states: left(states) and right(states)
