"""Puts pydantic's errors into our words: what was found, what is needed, what to do."""

import re
from typing import get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from penstock.spec.fields import MEANING
from penstock.spec.mistakes import Location, suggestion

KINDS = {str: "text", bool: "a truth value", int: "a number", float: "a number", tuple: "a list", dict: "a mapping"}
NEEDED = {
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "scalar": "a finite number, text, true or false",
}
LIMITS = {
    "greater_than": ("gt", "is too small; more than {limit} is needed"),
    "greater_than_equal": ("ge", "is too small; at least {limit} is needed"),
    "less_than": ("lt", "is too large; less than {limit} is needed"),
    "less_than_equal": ("le", "is too large; at most {limit} is allowed"),
    "string_too_long": ("max_length", "is too long; at most {limit} characters are allowed"),
}


def explain(detail: ErrorDetails, model: type[BaseModel], location: Location, found: str) -> tuple[str, str]:
    """Return what is wrong and what to do; `found` is the value at that location of the model, as it is shown."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind in ("extra_forbidden", "missing"):
        keys = section(model, location[:-1]).model_fields
        if kind == "missing":
            return "missing.", keys[str(location[-1])].description or ""
        return f"unknown key. Keys here: {', '.join(keys)}.", suggestion(location[-1], keys)
    if kind in NEEDED:
        return _wrong_type(detail, model, location, found)
    if kind in LIMITS:
        name, rule = LIMITS[kind]
        return f"{found} {rule.format(limit=f'{context[name]:,.10g}')}.", ""
    return _wrong_value(detail, found)


def section(model: type[BaseModel], location: Location) -> type[BaseModel]:
    """Return the model of the mapping at a location."""
    for part in location:
        annotation = model.model_fields[str(part)].annotation
        options = get_args(annotation) or (annotation,)
        model = next(option for option in options if isinstance(option, type) and issubclass(option, BaseModel))
    return model


def _wrong_type(detail: ErrorDetails, model: type[BaseModel], location: Location, found: str) -> tuple[str, str]:
    value, kind = detail["input"], detail["type"]
    remedy = ""
    if kind == "model_type":
        remedy = f"Keys here: {', '.join(section(model, location).model_fields)}."
    elif kind == "string_type" and isinstance(value, int | float):
        remedy = f'Put it in quotes: "{found}".'
    elif kind == "tuple_type" and isinstance(value, str):
        remedy = f"Write it as [{value}]."
    return f"{found} is {KINDS[type(value)]}; {NEEDED[kind]} is needed.", remedy


def _wrong_value(detail: ErrorDetails, found: str) -> tuple[str, str]:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "literal_error":
        choices = re.findall(r"'([^']*)'", context["expected"])
        return f"{found} is not one of: {', '.join(choices)}.", suggestion(detail["input"], choices)
    if kind == "string_pattern_mismatch":
        return f"{found} is not {MEANING[context['pattern']]}.", ""
    return {"too_short": "empty.", "finite_number": f"{found} is not finite."}[kind], ""
