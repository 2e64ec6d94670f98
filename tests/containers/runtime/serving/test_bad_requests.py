from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from served import Server
    from tests.containers.runtime.serving.conftest import Serve

LARGEST = 6 * 1024 * 1024
TYPES = "text/csv, application/json, application/jsonlines, application/x-npy or application/x-parquet"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("", "Send at least one row: the body has none."),
        ("size,colour\n", "Send at least one row: the body has none."),
        ("1.5,red\nlarge,red\n", 'Row 2, column "size": "large" is not a finite number.'),
        ("colour,size\nred,large\n", 'Row 1, column "size": "large" is not a finite number.'),
        ("nan,red\n", 'Row 1, column "size": "nan" is not a finite number.'),
        ("-inf,red\n", 'Row 1, column "size": "-inf" is not a finite number.'),
        ("1e39,red\n", 'Row 1, column "size": "1e39" is not a finite number.'),
        ("1.5,red,15.0\n", 'Row 1 has 3 where the model reads 2 values: "size", "colour".'),
        ("size,colour\n1.5\n", 'Row 1 has 1 where the model reads 2 values: "size", "colour".'),
        ("size,price\n1.5,2\n", 'The header lacks "colour"; leave the value empty where it is not known.'),
        ("size,colour,price\n1,red,2\n", 'The header has the unknown "price"; the model reads "size", "colour".'),
        ("size,colour,size\n1,red,2\n", "The header names a column more than once."),
        (
            "size, Colour\n1,red\n",
            'The header lacks "colour"; leave the value empty where it is not known.'
            ' Did you mean "colour" by " Colour"?',
        ),
        (
            "SIZE,Colour\n1,red\n",
            'The header lacks "size", "colour"; leave the value empty where it is not known.'
            ' Did you mean "size" by "SIZE"? Did you mean "colour" by "Colour"?',
        ),
        ("size;colour\n1;red\n", "Separate the values with commas: the first row is separated by semicolons."),
        ("1.5\tred\n", "Separate the values with commas: the first row is separated by tabs."),
        ('1.5,"red\n', "The body is not CSV: line 1: unexpected end of data."),
    ],
)
def test_csv_that_cannot_be_read(server: Server, body: str, error: str) -> None:
    answer = server.post(body)
    assert (answer.status, answer.error) == (400, error)
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("", "The body is not JSON: Expecting value: line 1 column 1 (char 0)."),
        ("[" * 100_000, "The body is not JSON: "),
        ("{}", 'Send a list of rows, or {"instances": [rows]}.'),
        ("3", 'Send a list of rows, or {"instances": [rows]}.'),
        ('{"instances": []}', "Send at least one row: the body has none."),
        ("[1.5]", 'Row 1 is "1.5"; send it as an object or a list.'),
        ('[{"size": 1}]', 'Row 1 lacks "colour"; leave the value empty where it is not known.'),
        ('[[1, "red"], {"size": 1, "color": "red"}]', 'Row 2 lacks "colour"; '),
        ('[{"size": 1, "colour": "red", "x": 1}]', 'Row 1 has the unknown "x"; the model reads "size", "colour".'),
        ('[[NaN, "red"]]', 'Row 1, column "size": "nan" is not a finite number.'),
        ('[[-Infinity, "red"]]', 'Row 1, column "size": "-inf" is not a finite number.'),
        (f'[[1{"0" * 400}, "red"]]', 'Row 1, column "size": "1000'),
        (f'[[1{"0" * 5000}, "red"]]', "The body is not JSON: "),
        ('[[true, "red"]]', 'Row 1, column "size": "True" is not a finite number.'),
        ('[[[1], "red"]]', 'Row 1, column "size": its value is not a finite number.'),
        ("[[1, 2.5]]", 'Row 1, column "colour": "2.5" is not text, or a whole number in its place.'),
        (r'[[1, "\ud800"]]', r'Row 1, column "colour": "\ud800" is not text, or a whole number in its place.'),
        (r'[[1, "red", "\ud800"]]', "Row 1 has 3 where the model reads 2 values"),
        (r'[{"size": 1, "colour": "red", "\ud800": 1}]', r'Row 1 has the unknown "\ud800"; '),
    ],
)
def test_json_that_cannot_be_read(server: Server, body: str, error: str) -> None:
    answer = server.post(body, "application/json")
    assert answer.status == 400
    assert answer.error.startswith(error)


def test_text_that_is_not_in_its_charset(server: Server) -> None:
    answer = server.post(b"1.5,r\xe4d\n")
    assert answer.status == 400
    assert answer.error == "The body is not utf-8: invalid continuation byte at byte 5."


@pytest.mark.parametrize(
    ("content_type", "error"),
    [
        ("application/xml", f'Send {TYPES}: the content type is "application/xml".'),
        ("", f"Send {TYPES}: it has no content type."),
        (None, f"Send {TYPES}: it has no content type."),
        ("text/csv; charset=utf-99", 'Send the body in UTF-8: the charset "utf-99" is not supported.'),
        ("text/csv; charset=idna", 'Send the body in UTF-8: the charset "idna" is not supported.'),
    ],
)
def test_an_unknown_content_type(server: Server, content_type: str | None, error: str) -> None:
    answer = server.post("1.5,red\n", content_type)
    assert (answer.status, answer.error) == (415, error)


def test_a_body_over_six_mebibytes(server: Server) -> None:
    answer = server.post(b"1" * (LARGEST + 1))
    assert (answer.status, answer.error) == (413, "Send fewer rows at a time: the body is over 6,291,456 bytes.")


def test_a_body_over_six_mebibytes_that_does_not_say_so(server: Server) -> None:
    connection = server.connect()
    headers = {"Content-Type": "text/csv"}
    connection.request("POST", "/invocations", iter([b"1" * LARGEST, b"1"]), headers, encode_chunked=True)
    assert connection.getresponse().status == 413
    connection.close()


def test_a_body_of_six_mebibytes_is_read(server: Server) -> None:
    answer = server.post(b"1" * LARGEST)
    assert (answer.status, answer.error) == (400, 'Row 1 has 1 where the model reads 2 values: "size", "colour".')


def test_the_largest_body_is_what_the_environment_says(serve: Serve) -> None:
    with serve({"MAX_BODY_MB": "1"}) as server:
        assert server.post(b"1" * (1024 * 1024 + 1)).status == 413
    with serve({"MAX_BODY_MB": "1", "SAGEMAKER_BATCH": "true", "SAGEMAKER_MAX_PAYLOAD_IN_MB": "7"}) as server:
        assert server.post(b"1" * (LARGEST + 1)).status == 400
        assert server.post(b"1" * (7 * 1024 * 1024 + 1)).status == 413


def test_more_values_than_memory_was_planned_for(server: Server) -> None:
    answer = server.post("," * 3_200_000)
    assert (answer.status, answer.error) == (
        413,
        "Send fewer rows at a time: the body has over 3,145,728 values.",
    )


def test_a_compressed_body_is_refused(server: Server) -> None:
    answer = server.post(b"", **{"Content-Encoding": "gzip"})
    assert (answer.status, answer.error) == (415, "Send the body as it is: a Content-Encoding is not supported.")


def test_a_type_that_is_not_written(server: Server) -> None:
    answer = server.post("1,red", Accept="image/png, text/csv;q=0")
    assert (answer.status, answer.error) == (406, f'Accept {TYPES}: "image/png, text/csv;q=0" has none of them.')


def test_what_the_model_itself_says_of_a_failure_is_for_the_log(server: Server) -> None:
    answer = server.post("404,red\n")
    assert (answer.status, answer.error) == (500, "The model failed on this request; the endpoint's log says why.")
    assert json.loads(answer.text).keys() == {"error"}


def test_numbers_that_are_not_finite_may_count_as_missing(serve: Serve) -> None:
    with serve(non_finite="missing") as server:
        assert server.post("nan,\ninf,\n1e39,\n,\n2,\n").values == [0, 0, 0, 0, 20]
        assert server.post('[[NaN, ""], [-Infinity, ""], [2, ""]]', "application/json", Accept="text/csv").values == [
            0,
            0,
            20,
        ]
        answer = server.post("large,red\n")
    assert answer.error == 'Row 1, column "size": "large" is not a finite number.'


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/", 404), ("GET", "/invocations", 405)])
def test_other_paths_and_methods(server: Server, method: str, path: str, status: int) -> None:
    answer = server.call(method, path)
    assert answer.status == status
    assert answer.error == f"{method} {path} is not served; GET /ping and POST /invocations are."


def test_a_bad_request_leaves_the_server_as_it_was(server: Server) -> None:
    before = server.post("20.5,red\n")
    server.post("large,red\n")
    assert server.post("20.5,red\n").text == before.text


def test_a_blank_line_is_no_row_that_an_answer_could_lack(serve: Serve) -> None:
    """To a model of one column, it might be an empty value."""
    with serve(columns={"size": "number"}) as server:
        answer = server.post("1.5\n\n2.5\n")
        quoted = server.post('1.5\n""\n2.5\n')
    assert (answer.status, answer.error) == (400, 'Row 2 has 0 where the model reads 1 values: "size".')
    assert quoted.values == [15, 0, 25]
