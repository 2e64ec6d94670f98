"""`application/json`, and `application/jsonlines` with a row a line."""

import json
from collections.abc import Iterable, Sequence
from json.encoder import encode_basestring_ascii
from typing import Any

from runtime.columns import Features
from runtime.errors import RequestError, quoted
from runtime.model import Predictions
from runtime.serving.cells import VALUES
from runtime.serving.formats.delimited import decoded
from runtime.serving.schema import Schema

NOT_FINITE = ("nan", "inf", "-inf")


def read(body: bytes, charset: str, schema: Schema) -> Features:
    """Read `[row, …]` or `{"instances": [row, …]}`; a row is an object, or a list in the order of training.

    Raises:
        RequestError: it is not JSON, or a row is not one of the model's.
    """
    text = decoded(body, charset)
    schema.check_size(text.count(","))
    content = _parsed(text, "The body")
    instances = content.get("instances") if isinstance(content, dict) else content
    if not isinstance(instances, list):
        raise RequestError('Send a list of rows, or {"instances": [rows]}.')
    return _features(instances, schema)


def read_lines(body: bytes, charset: str, schema: Schema) -> Features:
    """Read a row a line; blank lines are none.

    Raises:
        RequestError: a line is not JSON, or not one of the model's rows.
    """
    text = decoded(body, charset)
    schema.check_size(text.count(",") + text.count("\n"))
    lines = (line for line in text.split("\n") if line and not line.isspace())
    return _features([_parsed(line, f"Row {place}") for place, line in enumerate(lines, 1)], schema)


def write(predictions: Predictions, labels: Sequence[str]) -> bytes:
    """Write `{"predictions": […]}`; a classifier's probabilities are beside them, in the order of the labels."""
    fields = [f'"predictions": [{", ".join(_values(predictions))}]']
    if predictions.probabilities is not None:
        rows = ", ".join(_lists(predictions.probabilities))
        fields += [f'"probabilities": [{rows}]', f'"labels": {json.dumps(labels)}']
    return f"{{{', '.join(fields)}}}".encode()


def write_lines(predictions: Predictions, _labels: Sequence[str]) -> bytes:
    """Write a line a row: `{"prediction": …}`, and a classifier's probabilities."""
    values = _values(predictions)
    if predictions.probabilities is None:
        return "".join(f'{{"prediction": {value}}}\n' for value in values).encode()
    pairs = zip(values, _lists(predictions.probabilities), strict=True)
    return "".join(f'{{"prediction": {value}, "probabilities": {row}}}\n' for value, row in pairs).encode()


def _parsed(text: str, what: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RequestError(f"{what} is not JSON: {error}.") from error


def _features(instances: Sequence[object], schema: Schema) -> Features:
    rows = [_row(place, instance, schema) for place, instance in enumerate(instances, 1)]
    return schema.from_rows(rows, VALUES)


def _row(place: int, instance: object, schema: Schema) -> list[object]:
    if isinstance(instance, dict):
        if instance.keys() != schema.known:
            schema.check_names(f"Row {place}", instance)
        return [instance[name] for name in schema.names]
    if not isinstance(instance, list):
        raise RequestError(f"Row {place} is {quoted(str(instance))}; send it as an object or a list.")
    return instance


def _values(predictions: Predictions) -> Iterable[str]:
    """Return each prediction in JSON: a number in the fewest digits that mean it, or a label."""
    if predictions.values.dtype == object:
        return map(encode_basestring_ascii, predictions.values)
    return _numbers(predictions.values)


def _numbers(values: Iterable[object]) -> list[str]:
    return ["null" if text in NOT_FINITE else text for text in map(str, values)]


def _lists(rows: Iterable[Iterable[object]]) -> Iterable[str]:
    return (f"[{', '.join(_numbers(row))}]" for row in rows)
