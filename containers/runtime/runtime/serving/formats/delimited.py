"""`text/csv`: a row a line, with a header or without."""

import csv
import io
import sys
from collections.abc import Sequence
from functools import lru_cache

from runtime.columns import Features
from runtime.errors import RequestError
from runtime.header import separated_by
from runtime.model import Predictions
from runtime.serving.cells import TEXT
from runtime.serving.schema import Schema

csv.field_size_limit(sys.maxsize)  # a body has a limit


def read(body: bytes, charset: str, schema: Schema) -> Features:
    """Read rows; those without a header have their values in the order of training.

    Raises:
        RequestError: it is not CSV, or a row is not one of the model's.
    """
    text = decoded(body, charset)
    schema.check_size(text.count(",") + text.count("\n"))
    rows = _records(text, len(schema.names))
    if rows and len(schema.names) > 1 and (separator := separated_by(rows[0])):
        raise RequestError(f"Separate the values with commas: the first row is separated by {separator}.")
    if rows and schema.is_header(rows[0]):
        order = schema.order_of(rows[0])
        rows = [[row[index] for index in order] if len(row) == len(order) else row for row in rows[1:]]
    return schema.from_rows(rows, TEXT)


def write(predictions: Predictions, _labels: Sequence[str]) -> bytes:
    """Write one prediction a line: a number in the fewest digits that mean it, a label quoted where CSV needs it."""
    if predictions.values.dtype == object:
        return "".join(map(_line, predictions.values)).encode()
    return "".join([f"{text}\n" for text in map(str, predictions.values)]).encode()


def decoded(body: bytes, charset: str) -> str:
    """Return the text of a body, without its byte order mark.

    Raises:
        RequestError: it is not text in that charset.
    """
    try:
        return body.decode(charset).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise RequestError(f"The body is not {charset}: {error.reason} at byte {error.start}.") from error


def _records(text: str, width: int) -> list[list[str]]:
    """Return the cells of each row.

    A blank line is no row, unless one empty value would be one, too: better refused than left out of the answer.
    """
    if '"' not in text and width > 1:  # then there is nothing to CSV but commas and the ends of lines
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        return [line.split(",") for line in text.split("\n") if line]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return [row for row in reader if row or width == 1]
    except csv.Error as error:
        raise RequestError(f"The body is not CSV: line {reader.line_num}: {error}.") from error


@lru_cache(maxsize=1024)
def _line(label: str) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow([label])
    return line.getvalue()
