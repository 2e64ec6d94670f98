"""`application/x-parquet`: a table with the columns by name."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from runtime.columns import Features
from runtime.errors import RequestError, quoted
from runtime.model import Predictions
from runtime.serving.cells import VALUES
from runtime.serving.schema import Schema

if TYPE_CHECKING:
    from pyarrow import DataType
    from pyarrow.parquet import ParquetFile

UNPACKED = 16  # times the body, at most


def read(body: bytes, _charset: str, schema: Schema) -> Features:
    """Read a table; null is missing.

    Raises:
        RequestError: it is not Parquet, or has not the model's columns.
    """
    # Both take more memory than a model, and most servers never see Parquet.
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import parquet  # noqa: PLC0415

    try:
        file = parquet.ParquetFile(pa.BufferReader(body))
        _check(file, len(body), schema)
        # Text stays what it is in the file, numbers into a list of texts: a long one may be in a million rows.
        texts = [field.name for field in file.schema_arrow if _is_text(field.type)]
        file = parquet.ParquetFile(pa.BufferReader(body), metadata=file.metadata, read_dictionary=texts)
        table = file.read(columns=list(schema.names), use_threads=False)
        cells = [_cells(table.column(name), schema) for name in schema.names]
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise RequestError(f"The body is not Parquet: {quoted(str(error))}.") from error
    if not table.num_rows:
        raise RequestError("Send at least one row: the body has none.")
    return schema.from_columns(cells, table.num_rows, VALUES)


def write(predictions: Predictions, labels: Sequence[str]) -> bytes:
    """Write a table: `prediction`, and a classifier's probabilities, each under `probability_` and its label."""
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import parquet  # noqa: PLC0415

    columns = {"prediction": pa.array(predictions.values)}
    if predictions.probabilities is not None:
        columns |= {f"probability_{label}": predictions.probabilities[:, at] for at, label in enumerate(labels)}
    sink = pa.BufferOutputStream()
    parquet.write_table(pa.table(columns), sink)
    return bytes(sink.getvalue())


def _check(file: "ParquetFile", size: int, schema: Schema) -> None:
    """Refuse a table without the model's columns, and one that would unpack to far more than its size."""
    schema.check_names("The table", file.schema_arrow.names)
    for field in file.schema_arrow:
        if not _is_plain(field.type):  # some unpack to millions of values a row, or to no object of Python's
            kind = quoted(str(field.type))
            raise RequestError(f"Send numbers or text in the column {quoted(field.name)}: its type is {kind}.")
    groups = (file.metadata.row_group(index) for index in range(file.metadata.num_row_groups))
    schema.check_size(file.metadata.num_rows * len(schema.names))
    if sum(group.total_byte_size for group in groups) > UNPACKED * max(size, schema.max_cells):
        raise RequestError("Send fewer rows at a time: the table is too large when unpacked.", 413)


def _cells(column: Any, schema: Schema) -> list[Any]:
    """Return the cells of a column; a text that is there often is one object, as it is one in the file."""
    cells: list[Any] = []
    for chunk in column.chunks:
        if not hasattr(chunk, "dictionary"):
            cells += chunk.to_pylist()
            continue
        texts = chunk.dictionary.to_pylist()
        cells += [None if index is None else texts[index] for index in chunk.indices.to_pylist()]
    if sum(len(cell) for cell in cells if isinstance(cell, str)) > UNPACKED * schema.max_cells:
        raise RequestError("Send fewer rows at a time: the table is too large when unpacked.", 413)
    return cells


def _is_text(kind: "DataType") -> bool:
    from pyarrow import types  # noqa: PLC0415

    return any(is_one(kind) for is_one in (types.is_string, types.is_large_string, types.is_string_view))


def _is_plain(kind: "DataType") -> bool:
    from pyarrow import types  # noqa: PLC0415

    if types.is_dictionary(kind):
        kind = kind.value_type
    readable = types.is_integer, types.is_floating, types.is_boolean, types.is_null, _is_text
    return any(is_one(kind) for is_one in readable)
