from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trainer import Outcome, Train, Trainer


def test_each_metric_is_a_line_of_the_log(trained: Outcome) -> None:
    assert trained.code == 0
    assert list(trained.metrics) == ["rmse", "mae", "r2", "rows_train", "rows_test"]
    assert trained.metrics["rmse"] < 60
    assert trained.metrics["r2"] > 0.7
    assert (trained.metrics["rows_train"], trained.metrics["rows_test"]) == (180, 20)


def test_the_log_says_what_each_column_was_taken_for(trained: Outcome) -> None:
    assert "Columns, inferred: size (number), colour (category)." in trained.log


def test_the_model_folder_holds_the_model_and_its_manifest_alone(trained: Outcome) -> None:
    assert sorted(path.name for path in (trained.base / "model").iterdir()) == ["manifest.json", "model.onnx"]


def test_the_manifest_describes_the_model(trained: Outcome) -> None:
    manifest = trained.manifest
    assert manifest["columns"] == [{"name": "size", "kind": "number"}, {"name": "colour", "kind": "category"}]
    assert manifest["files"] == {"model.onnx": hashlib.sha256(trained.model["model.onnx"]).hexdigest()}
    assert manifest["rows"] == {"rows_train": 180, "rows_test": 20}
    assert round(manifest["metrics"]["rmse"], 6) == round(trained.metrics["rmse"], 6)
    assert manifest["split"] == {"method": "ordered", "test": 0.1, "seed": 0, "key": []}
    assert manifest["hyperparameters"] == {
        "algorithm": "forest",
        "n_estimators": 100,
        "min_samples_leaf": 1,
        "max_features": 0.5,
        "max_depth": None,
        "learning_rate": None,
        "seed": 0,
    }
    assert manifest["versions"]["scikit-learn"] == "1.9.1"


def test_the_same_data_give_the_same_bytes(trained: Outcome, train: Train, data: str) -> None:
    again = train({"prices.csv": data}, split_method="ordered", min_samples_leaf="1")
    assert again.model == trained.model
    assert again.manifest == trained.manifest


def test_another_seed_gives_another_model(trained: Outcome, train: Train, data: str) -> None:
    other = train({"prices.csv": data}, split_method="ordered", min_samples_leaf="1", seed="1")
    assert other.model != trained.model


def test_preprocessing_is_learnt_from_the_training_part_only(trained: Outcome, train: Train, data: str) -> None:
    """The held-out rows have sizes that would move the median, and a colour of their own."""
    lines = data.splitlines()
    spoilt = [f"99999,green,{line.split(',')[2]}" for line in lines[-20:]]
    outcome = train({"prices.csv": "\n".join(lines[:-20] + spoilt)}, split_method="ordered", min_samples_leaf="1")
    assert outcome.code == 0
    assert outcome.model == trained.model


def test_columns_of_one_kind_alone(train: Train, data: str) -> None:
    numbers = train({"prices.csv": data}, columns='{"size": "number"}')
    categories = train({"prices.csv": data}, columns='{"colour": "category"}')
    assert (numbers.code, categories.code) == (0, 0)


def test_numbers_that_are_next_to_each_other_in_32_bits_are_told_apart(train: Train) -> None:
    """The threshold between them has more than 32 bits: the job fails if ONNX rounds it to another side."""
    rows = [f"{1e6 + number % 16 / 16},{number % 16}" for number in range(320)]
    outcome = train({"prices.csv": "\n".join(["size,price", *rows])}, min_samples_leaf="1", split_method="ordered")
    assert outcome.code == 0, outcome.failure
    assert outcome.metrics["r2"] > 0.99


def test_a_failure_is_cut_to_what_sagemaker_shows(train: Train, data: str) -> None:
    outcome = train({"prices.csv": data}, **{f"unknown_hyperparameter_{number}": "1" for number in range(50)})
    assert outcome.code == 1
    assert len(outcome.failure) == 1024
    assert outcome.failure.endswith("…")


def test_a_crash_is_a_line_in_the_failure_and_a_traceback_in_the_log(container: Trainer, tmp_path: Path) -> None:
    (tmp_path / "input/config/hyperparameters.json").mkdir(parents=True)
    outcome = container.run(tmp_path, container.folder / "train")
    assert outcome.code == 1
    assert outcome.failure.startswith("See the training log for the traceback: IsADirectoryError: ")
    assert "Traceback (most recent call last)" in outcome.log
    assert not (tmp_path / "model").exists()


def test_a_model_that_onnx_renders_differently_is_not_saved(container: Trainer, tmp_path: Path, data: str) -> None:
    container.prepare(tmp_path, {"prices.csv": data}, {"problem": "regression", "target": "price"})
    fault = """
import sys
from forest import export, training
convert = export.to_onnx
def fault(encoding, ensemble, labels):
    model = convert(encoding, ensemble, labels)
    del ensemble.trees[:50]
    return model
export.to_onnx = fault
sys.exit(training.main())
"""
    outcome = container.run(tmp_path, "python3", "-c", fault)
    assert outcome.code == 1
    assert outcome.failure.startswith("Report this with the data: the ONNX model differs from scikit-learn on ")
    assert not (tmp_path / "model").exists()


def test_without_hyperparameters_it_says_which_are_needed(container: Trainer, tmp_path: Path) -> None:
    outcome = container.run(tmp_path, container.folder / "train")
    assert outcome.code == 1
    assert outcome.failure.count("is missing; allowed:") == 2
