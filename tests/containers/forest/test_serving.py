from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.containers.forest.conftest import Outcome, Server


def as_json(server: Server, content: Any) -> Any:
    """Send rows as JSON and return the answer's predictions."""
    answer = server.post(json.dumps(content), "application/json")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    return json.loads(answer.text)["predictions"]


def test_ping(server: Server) -> None:
    assert server.call("GET", "/ping").status == 200


def test_rows_without_a_header_are_in_the_order_of_training(server: Server) -> None:
    answer = server.post("20.5,red\n20.5,blue\n")
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert answer.values == pytest.approx([205, 305], abs=40)


def test_a_header_names_the_columns_in_any_order(server: Server) -> None:
    by_place = server.post("20.5,red\n20.5,blue\n")
    assert server.post("colour,size\nred,20.5\nblue,20.5\n").text == by_place.text


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
    assert as_json(server, content) == server.post("20.5,red").values


def test_accept_decides_on_the_type_of_the_answer(server: Server) -> None:
    csv = server.post("20.5,red\n")
    answer = server.post("20.5,red\n", Accept="application/json")
    assert json.loads(answer.text) == {"predictions": csv.values}
    answer = server.post('[[20.5, "red"]]', "application/json", Accept="text/csv;q=0.9, */*")
    assert answer.text == csv.text


def test_an_answer_is_in_the_type_of_the_request_where_anything_is_accepted(server: Server) -> None:
    assert server.post("20.5,red\n", Accept="*/*").headers["Content-Type"].startswith("text/csv")


def test_the_models_id_is_in_a_header(server: Server, trained: Outcome) -> None:
    sha256 = trained.manifest["model_sha256"]
    header = server.post("20.5,red\n").headers["X-Amzn-SageMaker-Custom-Attributes"]
    assert header == f"model={sha256[:12]}"


def test_an_empty_number_is_imputed_as_in_training(server: Server, data: str) -> None:
    sizes = sorted(float(line.split(",")[0]) for line in data.splitlines()[1:181] if line[0] != ",")
    middle = len(sizes) // 2
    median = (sizes[middle - 1] + sizes[middle]) / 2
    empty, imputed = server.post(f",red\n{median},red\n").values
    assert empty == imputed


def test_null_is_empty(server: Server) -> None:
    assert as_json(server, [[None, None]]) == server.post(",\n").values


def test_a_category_that_was_never_seen_is_served(server: Server) -> None:
    answer = server.post("20.5,ultraviolet\n")
    assert answer.status == 200
    assert 0 < answer.values[0] < 500


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
    answer = server.post(body, content_type)
    assert (answer.status, answer.text) == (200, server.post("20.5,red").text)


def test_a_large_batch_is_answered_in_full(server: Server) -> None:
    answer = server.post("20.5,red\n" * 20_000)
    assert len(answer.values) == 20_000
    assert set(answer.values) == set(server.post("20.5,red").values)
