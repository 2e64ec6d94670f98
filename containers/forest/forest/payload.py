"""Request and response bodies: CSV and JSON in, CSV and JSON out."""

import csv
import io
import json
from codecs import lookup
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from forest.dataset import Column, Features
from forest.errors import RequestError, quoted
from forest.header import fold, separated_by
from forest.rows import Row, check_names, make_features

CSV = "text/csv"
JSON = "application/json"
# Others, such as idna, are slow to decode or are no encodings of text.
CHARSETS = ("utf-8", "ascii", "iso8859-1", "cp1252", "utf-16")


@dataclass(frozen=True)
class MediaType:
    """A content type that the model understands; `charset` is Python's name for it."""

    name: str
    charset: str


@lru_cache(maxsize=64)
def media_type(header: str) -> MediaType:
    """Read a Content-Type header.

    Raises:
        RequestError: with status 415, if the type or its charset is not one of ours.
    """
    name, *parameters = (part.strip() for part in header.split(";"))
    if name.lower() not in (CSV, JSON):
        raise RequestError(f"Send {CSV} or {JSON}: the content type is {quoted(header)}.", 415)
    charset = "utf-8"
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "charset":
            charset = value.strip().strip('"')
    try:
        found = lookup(charset).name
    except (LookupError, ValueError):
        found = ""
    if found not in CHARSETS:
        raise RequestError(f"Send the body in UTF-8: the charset {quoted(charset)} is not supported.", 415)
    return MediaType(name.lower(), found)


@lru_cache(maxsize=64)
def accepted(header: str, content: str) -> str:
    """Return the first of our types that an Accept header lists; without one, answer in the type of the request."""
    for part in header.split(","):
        name = part.partition(";")[0].strip().lower()
        if name in (CSV, JSON):
            return name
    return content


def read_features(body: bytes, media: MediaType, columns: tuple[Column, ...]) -> Features:
    """Read the rows of a request.

    Raises:
        RequestError: the body is not what its type says, or a row is not one of the model's.
    """
    try:
        text = body.decode(media.charset).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise RequestError(f"The body is not {media.charset}: {error.reason} at byte {error.start}.") from error
    rows = _csv_rows(text, columns) if media.name == CSV else _json_rows(text, columns)
    return make_features(rows, columns)


def write_predictions(
    predictions: NDArray[np.generic],
    probabilities: NDArray[np.float32] | None,
    labels: Sequence[str],
    media: str,
) -> str:
    """Write one prediction a line, or as `{"predictions": […]}`; a number in the fewest digits that mean it.

    In JSON a classifier's probabilities are beside the predictions: for each row a list, in the order of the labels.
    """
    texts: list[str] = predictions.astype(str).tolist()
    if media == CSV:
        answer = io.StringIO()
        csv.writer(answer, lineterminator="\n").writerows([text] for text in texts)
        return answer.getvalue()
    if probabilities is None:
        return json.dumps({"predictions": [float(text) for text in texts]})
    rows = [[float(text) for text in row] for row in probabilities.astype(str).tolist()]
    return json.dumps({"predictions": texts, "probabilities": rows, "labels": labels})


def _csv_rows(text: str, columns: tuple[Column, ...]) -> Sequence[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        # A blank line is no row, unless one empty value would be one, too: better refused than left out of the answer.
        rows = [row for row in reader if row or len(columns) == 1]
    except csv.Error as error:
        raise RequestError(f"The body is not CSV: line {reader.line_num}: {error}.") from error
    if rows and len(columns) > 1 and (separator := separated_by(rows[0])):
        raise RequestError(f"Separate the values with commas: the first row is separated by {separator}.")
    if not rows or not _is_header(rows[0], columns):
        return rows
    check_names("The header", rows[0], columns)
    order = [rows[0].index(column.name) for column in columns]
    return [[row[index] for index in order] if len(row) == len(order) else row for row in rows[1:]]


def _is_header(row: list[str], columns: tuple[Column, ...]) -> bool:
    """Tell a header from data: it names at least half of the columns (and then has to name all of them).

    Several columns that are all named, but for blanks or case, are a header, too: it is then refused with a reason.
    """
    if 2 * sum(column.name in row for column in columns) >= len(columns):
        return True
    return len(columns) > 1 and {fold(column.name) for column in columns} == {fold(cell) for cell in row}


def _json_rows(text: str, columns: tuple[Column, ...]) -> Sequence[Row]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RequestError(f"The body is not JSON: {error}.") from error
    instances = content.get("instances") if isinstance(content, dict) else content
    if not isinstance(instances, list):
        raise RequestError('Send a list of rows, or {"instances": [rows]}.')
    return [_json_row(place, instance, columns) for place, instance in enumerate(instances, 1)]


def _json_row(place: int, instance: object, columns: tuple[Column, ...]) -> Row:
    if isinstance(instance, dict):
        check_names(f"Row {place}", instance, columns)
        return [instance[column.name] for column in columns]
    if not isinstance(instance, list):
        raise RequestError(f"Row {place} is {quoted(str(instance))}; send it as an object or a list.")
    return instance
