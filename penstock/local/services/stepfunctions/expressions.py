"""JSONata expressions, as Step Functions evaluates them: what stands between {% and %}."""

import functools
import hashlib
import json
import math
import random
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from jsonata import JException, Jsonata, Utils
from jsonata.functions import Functions

from penstock.local.service import JsonObject

_HASHES = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


class ExpressionError(Exception):
    """An expression that gives no JSON value; the message ends AWS's sentence about it."""


def parse(expression: str) -> None:
    """Check an expression's syntax.

    Raises:
        ExpressionError: it is none.
    """
    try:
        _compiled(expression)
    except JException as error:
        raise ExpressionError(f"{error.error}: {error}") from error


def value_of(expression: str, variables: JsonObject, moment: datetime | None = None) -> Any:
    """Return an expression's value; `variables` are JSON values by name, without the $.

    At a `moment`, that is what $now and $millis say, and without one the time of this machine.

    Raises:
        ExpressionError: it has none.
    """
    used = {name: _from_json(value) for name, value in variables.items() if f"${name}" in expression}
    try:
        # Nothing is bound to $ and $$: on AWS too there is no input document.
        value = _compiled(expression).evaluate(None, _FUNCTIONS | _times(moment) | used)
    except Exception as error:  # its functions raise Python's own errors too
        code = error.error if isinstance(error, JException) else type(error).__name__
        raise ExpressionError(f"threw an error during evaluation. {code}: {error}") from error
    if value is None:
        raise ExpressionError("returned nothing (undefined).")
    return _to_json(value)


@functools.lru_cache(maxsize=1024)
def _compiled(expression: str) -> Jsonata:
    compiled = Jsonata(expression)
    compiled.set_output_convert_nulls(output_convert_nulls=False)  # null is a value, undefined an error
    return compiled


def _from_json(value: Any) -> Any:
    """Copy a value into jsonata-python's terms, where None is undefined."""
    if value is None:
        return Utils.NULL_VALUE
    if isinstance(value, dict):
        return {key: _from_json(member) for key, member in value.items()}
    return [_from_json(item) for item in value] if isinstance(value, list) else value


def _to_json(value: Any) -> Any:
    if value is Utils.NULL_VALUE:
        return None
    if isinstance(value, dict):
        return {key: _to_json(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_to_json(value[index]) for index in range(len(value))]  # a range has a length, and iterates one short
    if not isinstance(value, str | int | float):
        raise ExpressionError("returned an unsupported result type.")
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _partition(array: list[Any], size: int) -> list[list[Any]]:
    return [array[start : start + size] for start in range(0, len(array), size)]


def _range(first: float, last: float, step: float) -> list[float]:
    return [first + index * step for index in range(math.floor((last - first) / step) + 1)]


def _hash(value: str, algorithm: str) -> str:
    return hashlib.new(_HASHES[algorithm], value.encode()).hexdigest()


def _random(seed: float | None = None) -> float:
    return (random.Random() if seed is None else random.Random(seed)).random()  # noqa: S311  not for secrets


def _times(moment: datetime | None) -> dict[str, Callable[..., Any]]:
    """Return the functions that tell the time, at a moment; JSONata's own ask this machine."""
    if moment is None:
        return {}
    milliseconds = round(moment.timestamp() * 1000)

    def now(picture: str | None = None, timezone: str | None = None) -> Any:
        return Functions.datetime_from_millis(milliseconds, picture, timezone)

    return {"now": Jsonata.JLambda(now), "millis": Jsonata.JLambda(lambda: milliseconds)}


def _no_eval(*_: Any) -> None:
    raise ValueError("Step Functions has no $eval: $parse reads JSON.")


# Step Functions adds these to JSONata's own, and leaves out $eval.
_FUNCTIONS = {
    name: Jsonata.JLambda(function)
    for name, function in {
        "eval": _no_eval,
        "hash": _hash,
        "parse": lambda text: _from_json(json.loads(text)),
        "partition": _partition,
        "random": _random,
        "range": _range,
        "uuid": lambda: str(uuid.uuid4()),
    }.items()
}
