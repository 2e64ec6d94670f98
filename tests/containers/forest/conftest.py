"""The container's programs, run as SageMaker runs them: as processes, in an environment of their own."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from served import TIMEOUT_SECONDS, Server
from trainer import Outcome, Trainer, prices, started

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "containers/forest"


@pytest.fixture(scope="session")
def container(forest_environment: Path) -> Iterator[Trainer]:
    with started(FOLDER, forest_environment, "forest.training", "forest.fitting") as waiting:
        yield waiting


@pytest.fixture(scope="session")
def trained(container: Trainer, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """A regression, with the last tenth of the rows held out."""
    base = tmp_path_factory.mktemp("trained")
    return container.train(base, {"prices.csv": prices()}, split_method="ordered", min_samples_leaf="1")


@pytest.fixture(scope="session")
def server(container: Trainer, trained: Outcome) -> Iterator[Server]:
    with container.serve(trained.base) as running:
        yield running


@pytest.fixture(scope="session")
def bigmart(container: Trainer, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The model of the generated Big Mart data, with the container's defaults."""
    generated = subprocess.run(
        ["python3", ROOT / "pipelines/bigmart/generate.py"],
        env=container.variables(ROOT),
        capture_output=True,
        check=True,
        timeout=TIMEOUT_SECONDS,
    )
    base = tmp_path_factory.mktemp("bigmart")
    return container.train(base, {"generated.csv": generated.stdout}, target="Item_Outlet_Sales")
