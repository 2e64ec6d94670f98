"""Puts pydantic's errors into our words: what was found, what is needed, what to do."""

import re
from collections.abc import Mapping
from typing import get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from penstock.spec.fields import MEANING
from penstock.spec.mistakes import Location, suggestion

KINDS = {str: "text", bool: "a truth value", int: "a number", float: "a number", tuple: "a list", dict: "a mapping"}
NEEDED = {
    "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "float_type": "a number",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "scalar": "a finite number, text, true or false",
    "number": "a finite number",
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
        keys = _keys(section(model, location[:-1]))
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
    parts = iter(location)
    for part in parts:
        annotation = _keys(model)[str(part)].annotation
        options = get_args(annotation) or (annotation,)
        model = next(option for option in options if isinstance(option, type) and issubclass(option, BaseModel))
        if get_origin(annotation) is Mapping:
            next(parts, None)  # the name of one of its entries
    return model


def _keys(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the fields of a model by the names that they have in the file."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _wrong_type(detail: ErrorDetails, model: type[BaseModel], location: Location, found: str) -> tuple[str, str]:
    value, kind = detail["input"], detail["type"]
    remedy = ""
    if kind == "model_type":
        remedy = f"Keys here: {', '.join(_keys(section(model, location)))}."
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
    if kind == "multiple_of":
        return f"{found} is not a multiple of {context['multiple_of']:,}.", ""
    if kind == "too_long":
        return f"{len(detail['input'])} of them; at most {context['max_length']} are allowed.", ""
    return {"too_short": "empty.", "finite_number": f"{found} is not finite."}[kind], ""
