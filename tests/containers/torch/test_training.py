from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from trainer import prices

if TYPE_CHECKING:
    from pathlib import Path

    from trainer import Train, Trainer

LOSS = re.compile(r"^metric validation_loss=([0-9.eE+-]+);$", re.MULTILINE)


def validation(*rows: str) -> str:
    return "\n".join(["size,colour,price", *rows]) + "\n"


def test_it_learns_what_numbers_and_categories_say(train: Train) -> None:
    outcome = train({"prices.csv": prices()})
    assert (outcome.code, outcome.failure) == (0, "")
    assert outcome.metrics["r2"] > 0.8
    assert list(outcome.model) == ["model.onnx"]
    assert outcome.manifest["versions"]["torch"].startswith("2.")


def test_the_same_job_gives_the_same_bytes(container: Trainer, train: Train) -> None:
    first = train({"prices.csv": prices()}, epochs="5")
    content = first.model
    assert container.again(first.base).model == content
    assert train({"prices.csv": prices()}, epochs="5", seed="1").model != content


def test_it_stops_when_the_validation_channel_says_so(train: Train) -> None:
    """There the price falls with the size: the more is learnt, the worse it gets."""
    files = {"prices.csv": prices(), "../validation/v.csv": validation("1,red,395", "39,red,15", "20,red,205")}
    outcome = train(files, patience="3")
    losses = [float(loss) for loss in LOSS.findall(outcome.log)]
    assert 3 < len(losses) < 60
    assert min(losses) == losses[-4]
    assert outcome.metrics["rows_test"] == 3


def test_what_the_metrics_are_of_does_not_say_when_to_stop(train: Train) -> None:
    """The held-out rows are the last ones, and these are changed: the metrics change, and the model does not."""
    rows = prices().splitlines()
    outcome = train({"prices.csv": "\n".join(rows)}, split_method="ordered", epochs="5")
    model, metrics = outcome.model, outcome.metrics
    changed = [*rows[:-20], *(f"{row.rsplit(',', 1)[0]},1" for row in rows[-20:])]
    again = train({"prices.csv": "\n".join(changed)}, split_method="ordered", epochs="5")
    assert again.model == model
    assert again.metrics["rmse"] != metrics["rmse"]


def test_a_loss_that_is_no_number_ends_the_job(train: Train) -> None:
    outcome = train({"prices.csv": prices()}, learning_rate="1", hidden_layers="16", hidden_units="512")
    assert outcome.code == 1
    assert re.fullmatch(r"Lower the learning_rate: in epoch 1 the loss became (inf|nan)\.", outcome.failure)
    assert not (outcome.base / "model").exists()


def test_an_export_that_says_something_else_is_not_saved(container: Trainer, tmp_path: Path) -> None:
    container.prepare(tmp_path, {"prices.csv": prices()}, {"problem": "regression", "target": "price", "epochs": "1"})
    program = (
        "import sys, network.export, network.training; network.export.LIMIT = 0.1; sys.exit(network.training.main())"
    )
    outcome = container.run(tmp_path, "python3", "-c", program)
    assert outcome.code == 1
    assert outcome.failure.startswith("Report this with the data: the ONNX model differs from PyTorch on ")
    assert not (tmp_path / "model").exists()


@pytest.mark.parametrize("only", ["size", "colour"])
def test_columns_of_one_kind(train: Train, only: str) -> None:
    kind = "number" if only == "size" else "category"
    outcome = train({"prices.csv": prices()}, columns=f'{{"{only}": "{kind}"}}', epochs="2")
    assert (outcome.code, outcome.failure) == (0, "")


def test_a_network_without_hidden_layers(train: Train) -> None:
    outcome = train({"prices.csv": prices()}, hidden_layers="0")
    assert outcome.metrics["r2"] > 0.8


def test_columns_that_never_change_and_cells_that_are_never_filled(train: Train) -> None:
    rows = ["constant,empty,size,price", *(f"7,,{number},{number * 2}" for number in range(200))]
    columns = '{"constant": "number", "empty": "number", "size": "number"}'
    outcome = train({"prices.csv": "\n".join(rows)}, columns=columns)
    assert outcome.metrics["r2"] > 0.8


def test_rows_to_judge_by_may_be_elsewhere(train: Train) -> None:
    outcome = train({"prices.csv": prices()}, split_validation="0", epochs="2")
    assert outcome.code == 0
    assert set(outcome.metrics) == {"validation_loss", "rows_train"}
