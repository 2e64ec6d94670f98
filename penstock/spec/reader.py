"""Reads YAML into plain values, and remembers where each of them stands.

YAML is read as version 1.2's core schema has it, as editors do: `no` and `2026-01-01` are text, `1e3` is a number. No
file here needs anchors, aliases, tags or a second document; they are refused, and with them alias bombs.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml
from yaml import events as parsed
from yaml.reader import Reader

from penstock.spec.mistakes import Location, Mistake, UnreadableError, dotted, quoted

MAX_DEPTH = 20
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
INTEGER = re.compile(r"[-+]?[0-9]{1,100}")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.inf|\.nan")
WORDS = {"": None, "~": None, "null": None, "true": True, "True": True, "false": False, "False": False}


@dataclass(frozen=True)
class Place:
    """Where a key or a value begins, counted from 1, and what stands there as a message shows it."""

    line: int
    column: int
    found: str


@dataclass
class Reading:
    """Reads one text: its values without nulls, where they and their keys stand, and what is wrong so far.

    It builds on the parser's events, for PyYAML's composer overflows the stack on deep nesting.
    """

    file: str
    text: str
    values: dict[Location, Place] = field(default_factory=dict)
    keys: dict[Location, Place] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def read(self) -> Any:
        """Return the value of the document, None when there is none; lists become tuples.

        Raises:
            UnreadableError: it is not YAML, or uses what is refused.
        """
        if bad := Reader.NON_PRINTABLE.search(self.text):
            line, start = self.text.count("\n", 0, bad.start()) + 1, self.text.rfind("\n", 0, bad.start())
            self._refuse(line, bad.start() - start, f"a control character (0x{ord(bad.group()):02x}).", "Remove it.")
        try:
            return self._document()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            context = f" {error.context}" if error.context else ""
            self._refuse(line, column, f"not YAML: {error.problem}{context}.", self._hint(line, column))

    def _document(self) -> Any:
        self._events: Iterator[Any] = yaml.parse(self.text, Loader=LOADER)
        data, read = None, False
        for event in self._events:
            if isinstance(event, parsed.NodeEvent):
                if read:
                    self._refuse_at(event, "a second document.", "Keep the first, and remove the rest from `---` on.")
                data, read = self._value(event, ()), True
        return data

    def _value(self, event: Any, location: Location) -> Any:
        self._check(event, location)
        if isinstance(event, parsed.ScalarEvent):
            value = resolve(event.value) if event.implicit[0] else event.value
            self.values[location] = _place(event, quoted(value) if isinstance(value, str) else event.value)
            return value
        self.values[location] = _place(event, "this")
        return self._mapping(location) if isinstance(event, parsed.MappingStartEvent) else self._list(location)

    def _list(self, location: Location) -> tuple[Any, ...]:
        items: list[Any] = []
        while not isinstance(event := next(self._events), parsed.SequenceEndEvent):
            here = (*location, len(items))
            if (value := self._value(event, here)) is None:
                self._note(event, here, "nothing is given.", "Give a value, or remove the item.")
            else:
                items.append(value)
        return tuple(items)

    def _mapping(self, location: Location) -> dict[str, Any]:
        items: dict[str, Any] = {}
        while not isinstance(event := next(self._events), parsed.MappingEndEvent):
            if not isinstance(event, parsed.ScalarEvent):
                self._refuse_at(
                    event, "a key that is not text.", "Put a key that begins with one of [ ] { } & * in quotes."
                )
            self._check(event, location)
            here = (*location, event.value)
            if here in self.keys:
                message = f"given twice, first on line {self.keys[here].line}."
                self._note(event, here, message, "Remove one of the two.")
                self._skip()
                continue
            self.keys[here] = _place(event, quoted(event.value))
            if (value := self._value(next(self._events), here)) is None:
                self._note(event, here, "nothing is given.", "Give a value, or remove the key.")
            else:
                items[event.value] = value
        return items

    def _skip(self) -> None:
        """Skip the value that comes next."""
        depth, first = 0, True
        while first or depth:
            event, first = next(self._events), False
            depth += isinstance(event, parsed.CollectionStartEvent) - isinstance(event, parsed.CollectionEndEvent)

    def _check(self, event: Any, location: Location) -> None:
        if isinstance(event, parsed.AliasEvent) or event.anchor:
            self._refuse_at(
                event, "anchors (&) and aliases (*) are not supported.", "Write the value out, or in quotes."
            )
        if event.tag:
            self._refuse_at(event, f"the tag {quoted(event.tag)} is not supported.", "Remove it, or quote the value.")
        if len(location) > MAX_DEPTH:
            self._refuse_at(event, f"nested more than {MAX_DEPTH} deep.")

    def _note(self, event: Any, location: Location, message: str, remedy: str) -> None:
        line, column = _start(event)
        self.mistakes.append(Mistake(self.file, line, column, f"{dotted(location)}: {message}", remedy))

    def _refuse_at(self, event: Any, message: str, remedy: str = "") -> NoReturn:
        self._refuse(*_start(event), message, remedy)

    def _refuse(self, line: int, column: int, message: str, remedy: str) -> NoReturn:
        raise UnreadableError(Mistake(self.file, line, column, message, remedy))

    def _hint(self, line: int, column: int) -> str:
        lines = self.text.split("\n")
        here = lines[line - 1][column - 1 :] if line <= len(lines) else ""
        if here.startswith("\t"):
            return "Indent with spaces, not with tabs."
        return "Put the value in quotes." if here.startswith(("@", "`", "%")) else ""


def resolve(text: str) -> str | int | float | bool | None:
    """Return what a scalar without quotes means."""
    if text in WORDS:
        return WORDS[text]
    if INTEGER.fullmatch(text):
        return int(text)
    return float(text.replace(".inf", "inf").replace(".nan", "nan")) if FLOAT.fullmatch(text) else text


def _start(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _place(event: Any, found: str) -> Place:
    return Place(*_start(event), found)
