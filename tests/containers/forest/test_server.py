from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from trainer import prices

if TYPE_CHECKING:
    from pathlib import Path

    from trainer import Outcome, Trainer


@pytest.fixture
def model(trained: Outcome, tmp_path: Path) -> Path:
    """A base folder with a copy of the trained model, to be spoilt."""
    shutil.copytree(trained.base / "model", tmp_path / "model")
    return tmp_path


def test_a_model_other_than_the_manifests_is_not_served(container: Trainer, model: Path) -> None:
    with (model / "model/model.onnx").open("ab") as file:
        file.write(b"\0")
    outcome = container.run(model, container.folder / "serve")
    assert outcome.code == 1
    assert outcome.log.startswith("Train again: ")
    assert "has the SHA-256" in outcome.log
    assert "Traceback" not in outcome.log


@pytest.mark.parametrize("name", ["manifest.json", "model.onnx"])
def test_a_missing_file_is_named(container: Trainer, model: Path, name: str) -> None:
    (model / "model" / name).unlink()
    outcome = container.run(model, container.folder / "serve")
    assert outcome.code == 1
    assert outcome.log == f"Deploy what `train` wrote: {model / 'model' / name} is missing.\n"


def test_a_manifest_of_something_else_is_refused(container: Trainer, model: Path) -> None:
    (model / "model/manifest.json").write_text('{"columns": []}')
    outcome = container.run(model, container.folder / "serve")
    assert outcome.code == 1
    assert "is not a manifest of this container" in outcome.log


def test_infinity_is_missing_to_a_model_whose_job_said_so(container: Trainer, tmp_path: Path) -> None:
    container.train(tmp_path, {"prices.csv": prices()}, non_finite="missing")
    with container.serve(tmp_path) as server:
        assert server.post("inf,red\n").values == server.post(",red\n").values
