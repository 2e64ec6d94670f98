"""Wildcards and variables: how a policy names actions, resources and values."""

import re
from functools import lru_cache

from penstock.local.access.context import Context

_TOKEN = re.compile(r"\$\{(?P<variable>[^}]*)\}|(?P<wild>[*?])|(?P<text>[^$*?]+|\$)")
_DEFAULT = re.compile(r"\s*,\s*'(?P<default>[^']*)'\s*$")
_ARN_COLONS = 5  # arn:partition:service:region:account:resource


@lru_cache(4096)
def matches_action(pattern: str, action: str) -> bool:
    """Does a pattern of an Action element name an action? Case does not count."""
    return re.fullmatch(_expression(pattern.lower()), action.lower(), re.DOTALL) is not None


def matches_text(pattern: str, value: str, context: Context | None, *, wild: bool = True, case: bool = True) -> bool:
    """Does a pattern match a value? Without a context, variables are plain text.

    A variable that the context does not have, and that has no default, matches nothing.
    """
    filled = _filled(pattern, context)
    if filled is None:
        return False
    if not wild:
        plain = _plain(filled)
        return plain == value if case else plain.lower() == value.lower()
    return _compiled(filled, arn=False, case=case).fullmatch(value) is not None


def matches_arn(pattern: str, value: str, context: Context | None, *, wild: bool = True) -> bool:
    """Does a pattern match an ARN? Each of its six parts is matched by itself."""
    if pattern == "*":
        return True
    filled = _filled(pattern, context)
    if filled is None:
        return False
    return _compiled(filled, arn=True, case=True, wild=wild).fullmatch(value) is not None


def is_filled(pattern: str, context: Context | None) -> bool:
    """Has every variable of a pattern a value?"""
    return _filled(pattern, context) is not None


@lru_cache(4096)
def _compiled(pattern: str, *, arn: bool, case: bool, wild: bool = True) -> re.Pattern[str]:
    expression = _expression(pattern, arn=arn) if wild else re.escape(_plain(pattern))
    return re.compile(expression, re.DOTALL if case else re.DOTALL | re.IGNORECASE)


def _filled(pattern: str, context: Context | None) -> str | None:
    """Put the values of variables in their place, with their own wildcards taken literally."""
    if context is None:
        return pattern.replace("${", "${$}{") if "${" in pattern else pattern
    if "${" not in pattern:
        return pattern
    parts: list[str] = []
    for token in _TOKEN.finditer(pattern):
        variable = token["variable"]
        value = token[0] if variable in {None, "*", "?", "$"} else _value(variable, context)
        if value is None:
            return None
        parts.append(value)
    return "".join(parts)


def _value(variable: str, context: Context) -> str | None:
    default = _DEFAULT.search(variable)
    name = variable[: default.start()] if default else variable
    found = context.get(name.strip())
    if found is None or len(found) != 1:
        return default["default"] if default else None
    return re.sub(r"[*?$]", lambda wild: f"${{{wild[0]}}}", found[0])


def _plain(pattern: str) -> str:
    return "".join(token["variable"] or token[0] for token in _TOKEN.finditer(pattern))


def _expression(pattern: str, *, arn: bool = False) -> str:
    parts: list[str] = []
    colons = 0
    tokens = [*_TOKEN.finditer(pattern)]
    for token in tokens:
        one = "[^:]" if arn and colons < _ARN_COLONS and token is not tokens[-1] else "."
        if token["wild"] == "*":
            parts.append(f"{one}*")
        elif token["wild"] == "?":
            parts.append(one)
        else:
            text = token["variable"] or token[0]
            colons += text.count(":")
            parts.append(re.escape(text))
    return "".join(parts)
