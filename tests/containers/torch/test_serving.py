from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from trainer import prices

if TYPE_CHECKING:
    from served import Server
    from trainer import Outcome, Trainer


@pytest.fixture(scope="module")
def trained(container: Trainer, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return container.train(tmp_path_factory.mktemp("trained"), {"prices.csv": prices()})


@pytest.fixture(scope="module")
def server(container: Trainer, trained: Outcome) -> Iterator[Server]:
    with container.serve(trained.base) as running:
        yield running


def test_it_predicts_as_it_has_learnt(server: Server) -> None:
    assert server.post("10.5,red\n30.5,red\n10.5,blue\n").values == pytest.approx([105, 305, 205], abs=40)


def test_a_row_has_the_same_prediction_in_any_company(server: Server) -> None:
    rows = [f"{number}.5,{('red', 'blue')[number % 2]}\n" for number in range(40)]
    together = server.post("".join(rows)).text
    assert "".join(server.post(row).text for row in rows) == together


def test_what_is_missing_or_was_never_seen_or_is_far_out_has_a_prediction(server: Server) -> None:
    missing, unseen, far, farther = server.post(",red\n10.5,green\n1e9,red\n3e38,red\n").values
    assert 50 < missing < 400
    assert 50 < unseen < 300
    assert far == farther < 3_000


def test_serving_imports_no_torch(server: Server) -> None:
    assert "libtorch" not in Path(f"/proc/{server.process.pid}/maps").read_text()


@pytest.mark.parametrize("problem", ["binary", "multiclass"])
def test_a_classifier_answers_with_labels_and_their_probabilities(
    container: Trainer, tmp_path: Path, problem: str
) -> None:
    labels = ["big", '"middling, rather"', "small"][: 2 if problem == "binary" else 3]
    lines = [f"{n % len(labels)}.{n % 7},{('red', 'blue')[n % 5 < 2]},{labels[n % len(labels)]}" for n in range(300)]
    files = {"kinds.csv": "\n".join(["size,colour,kind", *lines])}
    outcome = container.train(tmp_path, files, problem=problem, target="kind", split_method="ordered")
    assert outcome.metrics["accuracy"] > 0.95
    with container.serve(tmp_path) as server:
        answer = json.loads(server.post("0.1,red\n1.1,red\n", Accept="application/json").text)
    assert answer["predictions"] == ["big", "middling, rather"]
    assert answer["labels"] == outcome.manifest["labels"]
    assert [row.index(max(row)) for row in answer["probabilities"]] == [0, 1]
    assert [sum(row) for row in answer["probabilities"]] == pytest.approx([1, 1], abs=1e-5)


@pytest.mark.parametrize("file", ["model.onnx", "manifest.json"])
def test_a_model_that_was_changed_is_not_served(
    container: Trainer, trained: Outcome, tmp_path: Path, file: str
) -> None:
    shutil.copytree(trained.base / "model", tmp_path / "model")
    path = tmp_path / "model" / file
    path.write_bytes(path.read_bytes().replace(b"size", b"seize").replace(b"red", b"rad"))
    outcome = container.run(tmp_path, container.folder / "serve")
    assert outcome.code == 1
    assert outcome.log.startswith("Train again: ")
