from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from served import Server
    from tests.containers.runtime.serving.conftest import Serve

NPY, PARQUET, LINES = "application/x-npy", "application/x-parquet", "application/jsonlines"


def saved(array: NDArray[Any]) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def table(**columns: Any) -> bytes:
    sink = pa.BufferOutputStream()
    parquet.write_table(pa.table(columns), sink)
    return bytes(sink.getvalue())


def test_rows_without_a_header_are_in_the_order_of_training(server: Server) -> None:
    answer = server.post("20.5,red\n20.5,blue\n")
    assert (answer.status, answer.text) == (200, "208.0\n209.0\n")
    assert answer.headers["Content-Type"].startswith("text/csv")


def test_a_header_names_the_columns_in_any_order(server: Server) -> None:
    assert server.post("colour,size\nred,20.5\nblue,20.5\n").values == [208, 209]


@pytest.mark.parametrize(
    "content",
    [
        {"instances": [{"size": 20.5, "colour": "red"}]},
        {"instances": [[20.5, "red"]]},
        [{"colour": "red", "size": "20.5"}],
        [[20.5, "red"]],
    ],
)
def test_json_rows_are_objects_or_lists(server: Server, content: Any) -> None:
    answer = server.post(json.dumps(content), "application/json")
    assert json.loads(answer.text) == {"predictions": [208]}
    assert answer.headers["Content-Type"] == "application/json"


def test_json_lines_are_a_row_a_line(server: Server) -> None:
    answer = server.post('{"size": 20.5, "colour": "red"}\n\n[20.5, "blue"]\r\n', LINES)
    assert answer.text == '{"prediction": 208.0}\n{"prediction": 209.0}\n'


def test_a_line_that_is_not_json_is_named(server: Server) -> None:
    answer = server.post('[1, "red"]\n[1, "red"', LINES)
    assert (answer.status, answer.error[:24]) == (400, "Row 2 is not JSON: Expec")


def test_null_and_an_empty_cell_are_missing(server: Server) -> None:
    answer = server.post("[[null, null]]", "application/json", Accept="text/csv")
    assert answer.values == server.post(",\n").values == [0]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("\ufeff20.5,red\r\n".encode(), "text/csv"),
        ("\ufeffcolour,size\r\nred,20.5\r\n\r\n".encode(), "text/csv; charset=utf-8"),
        (b'"20.5","red"', 'Text/CSV; header=absent; charset="UTF-8"'),
        ("20.5,red\n".encode("utf-16"), "text/csv; charset=utf-16"),
        (b"20.5,red\n", "text/csv; charset=ISO-8859-1"),
    ],
)
def test_bom_crlf_quotes_and_charsets_are_fine(server: Server, body: bytes, content_type: str) -> None:
    assert server.post(body, content_type).text == "208.0\n"


def test_a_large_batch_is_answered_in_full(server: Server) -> None:
    assert server.post("20.5,red\n" * 20_000).values == [208] * 20_000


def test_an_array_of_text(server: Server) -> None:
    answer = server.post(saved(np.array([["20.5", "red"], ["", "blue"]])), NPY)
    assert answer.headers["Content-Type"] == NPY
    values = np.load(io.BytesIO(answer.body), allow_pickle=False)
    assert values.dtype == np.float32
    assert values.tolist() == [208, 4]


@pytest.mark.parametrize("order", ["C", "F"])
def test_an_array_of_numbers(serve: Serve, order: Any) -> None:
    array = np.array([[1, 2], [np.nan, 4]], order=order)
    with serve(columns={"size": "number", "weight": "number"}) as server:
        assert server.post(saved(array), NPY, Accept="text/csv").values == [30, 40]
        assert server.post(saved(array.astype(">f4")), NPY, Accept="text/csv").values == [30, 40]
        assert server.post(saved(np.array([[1, 2]], np.int8)), NPY, Accept="text/csv").values == [30]
        answer = server.post(saved(np.array([[1, np.inf]])), NPY)
    assert answer.error == 'Row 1, column "weight": "inf" is not a finite number.'


def test_whole_numbers_of_an_array_may_be_categories(server: Server) -> None:
    assert server.post(saved(np.array([[1.5, 1999]])), NPY, Accept="text/csv").values == [19]
    answer = server.post(saved(np.array([[1.5, 0.5]])), NPY)
    assert answer.error == 'Row 1, column "colour": "0.5" is not text, or a whole number in its place.'


def spoilt(header: str) -> bytes:
    """Return an array with a header of its own."""
    padded = header.encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(padded).to_bytes(2, "little") + padded + b"\0" * 16


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", "The body is not an array as numpy saves it: "),
        (b"1,red\n", "The body is not an array as numpy saves it: "),
        (
            spoilt("{'descr': '<f8', 'fortran_order': False, 'shape': (-1, -2)}"),
            'Send an array [rows, 2]: its shape is "',
        ),
        (
            spoilt("{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}"),
            'Send an array [rows, 2]: its shape is "(2,)".',
        ),
        (spoilt("{'descr': '<f8', 'fortran_order': False, 'shape': (10**9, 2)}"), "The body is not an array"),
        (
            spoilt("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999, 2)}"),
            'Send the whole array: its shape "(99999999999999999999, 2)" is 1,',
        ),
        (
            spoilt("{'descr': '<M8[D]', 'fortran_order': False, 'shape': (1, 2)}"),
            "Send an array of numbers or text: its",
        ),
        (spoilt("{'descr': '<c16', 'fortran_order': False, 'shape': (1, 1)}"), "Send an array of numbers or text: its"),
        (spoilt("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (2, 1)}"), "Send an array of numbers or"),
        (spoilt("{'descr': '|S0', 'fortran_order': False, 'shape': (1, 2)}"), "Send an array of numbers or text: its"),
        (spoilt("(" * 100), "The body is not an array as numpy saves it: "),
        (
            spoilt("{'descr': '<f8', 'fortran_order': False, 'shape': (True, 2)}"),
            'Send an array [rows, 2]: its shape is "(True, 2)".',
        ),
        (
            spoilt("{'descr': '<U2', 'fortran_order': False, 'shape': (1, 2)}").removesuffix(b"\0" * 4) + b"\xff" * 4,
            "Send text that is Unicode: the array has characters that are none.",
        ),
        (saved(np.array([["1", "\ud800"]])), "Send text that is Unicode: the array has characters that are none."),
        (
            spoilt(f"{{'descr': '<f8', 'fortran_order': False, 'shape': (0, {10**30})}}")[:-16],
            "Send at least one row: the body has none.",
        ),
        (saved(np.array([[True, False]])), 'Row 1, column "size": "True" is not a finite number.'),
        (saved(np.empty((0, 2))), "Send at least one row: the body has none."),
        (saved(np.ones((2, 3))), 'Row 1 has 3 where the model reads 2 values: "size", "colour".'),
        (saved(np.array([["1", "red"]], "S")), 'Send text as a numpy array of str (dtype "U"), not of bytes.'),
    ],
)
def test_arrays_that_cannot_be_read(server: Server, body: bytes, error: str) -> None:
    answer = server.post(body, NPY)
    assert answer.status == 400
    assert answer.error.startswith(error)


def test_pickled_objects_are_refused(server: Server) -> None:
    answer = server.post(saved(np.array([[{}, "red"]], object)), NPY)
    assert (answer.status, answer.error) == (
        400,
        "Send an array of numbers or text: one of pickled objects is not read.",
    )


def test_a_table_has_its_columns_by_name(server: Server) -> None:
    body = table(colour=["red", None, "red"], size=[20.5, 1.0, None])
    answer = server.post(body, PARQUET)
    assert answer.headers["Content-Type"] == PARQUET
    assert parquet.read_table(pa.BufferReader(answer.body)).to_pydict() == {"prediction": [208, 10, 3]}
    assert server.post(table(size=[1], colour=[1999]), PARQUET, Accept="text/csv").values == [14]
    assert server.post(table(size=["1.5"], colour=["red"]), PARQUET, Accept="text/csv").values == [18]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", "The body is not Parquet: "),
        (b"PAR1" + b"\xff" * 100 + b"PAR1", "The body is not Parquet: "),
        (table(size=[1.0]), 'The table lacks "colour"; leave the value empty where it is not known.'),
        (table(size=[1.0], colour=["red"], x=[1]), 'The table has the unknown "x"; the model reads "size", "colour".'),
        (table(size=pa.array([], "f8"), colour=pa.array([], "str")), "Send at least one row: the body has none."),
        (table(size=["large"], colour=["red"]), 'Row 1, column "size": "large" is not a finite number.'),
        (table(size=[float("nan")], colour=["red"]), 'Row 1, column "size": "nan" is not a finite number.'),
        (table(size=[[1.0]], colour=["red"]), 'Send numbers or text in the column "size": its type is "list<element: '),
        (
            table(size=pa.array([2**31 - 1], "date32"), colour=["red"]),
            'Send numbers or text in the column "size": its type is "date32[day]".',
        ),
        (
            table(size=[1.0], colour=[True]),
            'Row 1, column "colour": "True" is not text, or a whole number in its place.',
        ),
    ],
)
def test_tables_that_cannot_be_read(server: Server, body: bytes, error: str) -> None:
    answer = server.post(body, PARQUET)
    assert answer.status == 400
    assert answer.error.startswith(error)


def test_a_table_that_unpacks_to_far_more(server: Server) -> None:
    rows = table(size=pa.array([1.0] * 2_000_000), colour=pa.array([""] * 2_000_000))
    assert len(rows) < 20_000
    assert server.post(rows, PARQUET).error == "Send fewer rows at a time: the body has over 3,145,728 values."
    text = table(size=pa.array([1.0] * 100), colour=pa.array(["x" * 2_000_000] * 100))
    assert server.post(text, PARQUET).error == "Send fewer rows at a time: the table is too large when unpacked."


def test_accept_decides_on_the_type_of_the_answer(server: Server) -> None:
    answer = server.post("20.5,red\n", Accept="application/json")
    assert json.loads(answer.text) == {"predictions": [208]}
    answer = server.post('[[20.5, "red"]]', "application/json", Accept="text/csv;q=0.9, application/json;q=0.1")
    assert answer.text == "208.0\n"


def test_a_classifiers_labels_and_probabilities(classifier: Server) -> None:
    rows = "1,red\n2,red\n"
    assert classifier.post(rows).text == 'small\n"large, rather"\n'
    assert json.loads(classifier.post(rows, Accept="application/json").text) == {
        "predictions": ["small", "large, rather"],
        "probabilities": [[0.75, 0.25], [0.25, 0.75]],
        "labels": ["small", "large, rather"],
    }
    lines = classifier.post(rows, Accept=LINES).text.splitlines()
    assert json.loads(lines[1]) == {"prediction": "large, rather", "probabilities": [0.25, 0.75]}
    array = np.load(io.BytesIO(classifier.post(rows, Accept=NPY).body), allow_pickle=False)
    assert array.tolist() == ["small", "large, rather"]
    answer = parquet.read_table(pa.BufferReader(classifier.post(rows, Accept=PARQUET).body))
    assert answer.to_pydict() == {
        "prediction": ["small", "large, rather"],
        "probability_small": [0.75, 0.25],
        "probability_large, rather": [0.25, 0.75],
    }
