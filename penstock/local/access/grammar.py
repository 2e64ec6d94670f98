"""Is a policy well-formed? What AWS checks when a policy is put, so that every policy that is kept can be read.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from penstock.local.access.conditions import operator_of

_VERSIONS = ("2012-10-17", "2008-10-17")
_ELEMENTS = {"Version", "Id", "Statement"}
_OF_STATEMENT = {
    *("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition")
}
_ACTION = re.compile(r"\*|[\w-]+:[\w*?-]+")
_RESOURCE = re.compile(r"\*.*|arn:.+|\$\{.+", re.DOTALL)
_PRINCIPALS = {
    "AWS": re.compile(r"\*|\d{12}|arn:.+|A[A-Z0-9]{15,}"),
    "Service": re.compile(r"\*|[\w-]+(\.[\w-]+)+"),
    "Federated": re.compile(r".+"),
    "CanonicalUser": re.compile(r".+"),
}


@dataclass(frozen=True)
class Form:
    """Which elements the statements of a kind of policy must have (True) or must not have (False); None: either."""

    principal: bool | None = None
    resource: bool | None = None


ANY = Form()


def parse(text: str | None, form: Form = ANY) -> Mapping[str, Any]:
    """Return a policy document.

    Raises:
        ValueError: it is none, or not one of this form; the message says where and why.
    """
    try:
        document = json.loads(text or "")
    except (ValueError, TypeError, RecursionError) as error:
        raise ValueError("it is not JSON") from error
    if not isinstance(document, dict):
        raise ValueError("it is no JSON object")  # noqa: TRY004  all that is wrong with a document is a ValueError
    problem = next(_problems(document, form), None)
    if problem is not None:
        raise ValueError(problem)
    return document


def statements(document: Mapping[str, Any]) -> list[Any]:
    """Return the statements of a document, of which a single one may stand by itself."""
    found = document.get("Statement", [])
    return found if isinstance(found, list) else [found]


def _problems(document: Mapping[str, Any], form: Form) -> Iterator[str]:
    yield from (f"it has an unknown element {name}" for name in sorted(document.keys() - _ELEMENTS))
    if document.get("Version", _VERSIONS[0]) not in _VERSIONS:
        yield f"its Version is {document['Version']!r}, and not one of {', '.join(_VERSIONS)}"
    found = statements(document)
    if not found and form is not ANY:  # the last one may have been removed
        yield "it has no Statement"
    for number, statement in enumerate(found, start=1):
        where = f"statement {number}"
        if not isinstance(statement, dict):
            yield f"{where} is no JSON object"
        else:
            yield from (f"{where}: {problem}" for problem in _of_statement(statement, form))


def _of_statement(statement: Mapping[str, Any], form: Form) -> Iterator[str]:
    yield from (f"unknown element {name}" for name in sorted(statement.keys() - _OF_STATEMENT))
    if not isinstance(statement.get("Sid", ""), str):
        yield "its Sid is no text"
    if statement.get("Effect") not in ("Allow", "Deny"):
        yield f"its Effect is {statement.get('Effect')!r}, and neither Allow nor Deny"
    for name, pattern, wanted in (
        ("Action", _ACTION, True),
        ("Resource", _RESOURCE, form.resource),
    ):
        yield from _of_presence(statement, name, wanted=wanted)
        yield from _of_texts(statement, name, pattern)
        yield from _of_texts(statement, f"Not{name}", pattern)
    yield from _of_presence(statement, "Principal", wanted=form.principal)
    for name in ("Principal", "NotPrincipal"):
        yield from _of_principal(statement, name)
    yield from _of_conditions(statement.get("Condition", {}))


def _of_presence(statement: Mapping[str, Any], name: str, *, wanted: bool | None) -> Iterator[str]:
    count = len({name, f"Not{name}"} & statement.keys())
    if count > 1:
        yield f"it has both {name} and Not{name}"
    if wanted and not count:
        yield f"it has no {name}"
    if wanted is False and count:
        yield f"a policy of this kind has no {name}"


def _of_texts(statement: Mapping[str, Any], name: str, pattern: re.Pattern[str]) -> Iterator[str]:
    if name not in statement:
        return
    found = statement[name]
    for value in found if isinstance(found, list) and found else [found]:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            yield f"its {name} cannot be {value!r}"


def _of_principal(statement: Mapping[str, Any], name: str) -> Iterator[str]:
    found = statement.get(name, "*")
    if found == "*":
        return
    if not isinstance(found, dict) or not found:
        yield f"its {name} cannot be {found!r}"
        return
    for kind in found:
        if kind in _PRINCIPALS:
            yield from (f"its {name}: {problem}" for problem in _of_texts(found, kind, _PRINCIPALS[kind]))
        else:
            yield f"its {name} cannot be of the kind {kind!r}"


def _of_conditions(block: Any) -> Iterator[str]:
    if not isinstance(block, dict):
        yield "its Condition is no JSON object"
        return
    for operator, tests in block.items():
        if not operator_of(operator).known:
            yield f"{operator} is no operator of conditions"
        elif not isinstance(tests, dict) or not tests:
            yield f"its Condition has no keys for {operator}"
        else:
            yield from (
                f"its Condition cannot have {value!r} for {key}"
                for key, given in tests.items()
                for value in (given if isinstance(given, list) else [given])
                if not isinstance(value, (str, int, float))
            )
