from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from served import Server
    from trainer import Outcome


def test_rows_are_predicted_as_they_were_learnt(server: Server) -> None:
    answer = server.post("20.5,red\n20.5,blue\n")
    assert answer.status == 200
    assert answer.values == pytest.approx([205, 305], abs=40)


def test_an_answer_is_the_same_in_any_type(server: Server) -> None:
    answer = server.post('[[20.5, "red"]]', "application/json")
    assert json.loads(answer.text) == {"predictions": server.post("20.5,red").values}


def test_the_models_id_is_in_a_header(server: Server, trained: Outcome) -> None:
    sha256 = trained.manifest["files"]["model.onnx"]
    header = server.post("20.5,red\n").headers["X-Amzn-SageMaker-Custom-Attributes"]
    assert header == f"model={sha256[:12]}"


def test_an_empty_number_is_imputed_as_in_training(server: Server, data: str) -> None:
    sizes = sorted(float(line.split(",")[0]) for line in data.splitlines()[1:181] if line[0] != ",")
    middle = len(sizes) // 2
    median = (sizes[middle - 1] + sizes[middle]) / 2
    empty, imputed = server.post(f",red\n{median},red\n").values
    assert empty == imputed


def test_a_category_that_was_never_seen_is_served(server: Server) -> None:
    answer = server.post("20.5,ultraviolet\n")
    assert answer.status == 200
    assert 0 < answer.values[0] < 500


def test_a_large_batch_is_answered_in_full(server: Server) -> None:
    answer = server.post("20.5,red\n" * 20_000)
    assert len(answer.values) == 20_000
    assert set(answer.values) == set(server.post("20.5,red").values)
