"""What the containers say to each other: data to parts, parts to a model, and the model to its evaluation."""

from __future__ import annotations

import json
import subprocess
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.containers.tabular.conftest import Csv, Process

FOREST = Path(__file__).parents[4] / "containers/forest"


@pytest.fixture
def data(csv_of: Csv) -> str:
    """600 rows whose label follows the size, but for one in 11."""
    rows = [
        (number % 60, ("a", "b")[number % 2], "01"[(number % 60 > 35) != (number % 11 == 0)]) for number in range(600)
    ]
    return csv_of(["size", "shop", "label"], rows)


def test_a_binary_model_is_evaluated_in_its_own_image(
    process: Process, program: Path, tmp_path: Path, forest_environment: Path, data: str
) -> None:
    texts = {"problem": "binary", "target": "label", "split_validation": "0.2", "split_test": "0.3"}
    parts = process({"a.csv": data}, **texts)
    base = tmp_path / "training"
    (base / "input/config").mkdir(parents=True)
    (base / "input/config/hyperparameters.json").write_text(json.dumps(texts))
    (base / "input/data").mkdir()
    for channel in ("train", "validation"):
        (parts.output / channel).rename(base / "input/data" / channel)
    path = f"{FOREST}:{forest_environment / 'bin'}:/usr/local/bin:/usr/bin:/bin"
    runtime = str(FOREST.with_name("runtime"))
    variables = {"PATH": path, "LANG": "C.UTF-8", "PYTHONPATH": runtime, "SAGEMAKER_BASE_DIR": str(base)}
    subprocess.run(["train"], env=variables, cwd=FOREST, check=True, timeout=60)
    with tarfile.open(base / "model.tar.gz", "w:gz") as archive:
        archive.add(base / "model", ".")

    folders = {
        "model": base,
        "champion-model": base,
        "champion-seen": parts.output / "seen",
        "test": parts.output / "test",
        "settings": parts.base / "settings",
        "output": base / "out",
    }
    arguments = [word for name, folder in folders.items() for word in (f"--{name}", folder)]
    subprocess.run(["python3", program, "evaluate", *arguments], env=variables, check=True, timeout=60)
    found = json.loads((base / "out/evaluation.json").read_text())["penstock"]
    assert found["metrics"]["auc"] > 0.85
    assert found["comparison"]["auc"]["upper"] == 0
    assert not list(forest_environment.glob("lib/*/site-packages/pandas"))
