"""The container's programs, run as SageMaker runs them: as processes, in an environment of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from optional import environment_or_skip
from trainer import Trainer, started

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "containers/torch"
# Enough for the prices, and quick: a batch of two hundred rows costs as much as one of thirty.
QUICK = {"epochs": "60", "learning_rate": "0.02", "hidden_units": "16", "dropout": "0", "batch_size": "64"}


@pytest.fixture(scope="session")
def torch_environment() -> Path:
    return environment_or_skip(FOLDER, ROOT / ".penstock/environments")


@pytest.fixture(scope="session")
def container(torch_environment: Path) -> Iterator[Trainer]:
    with started(FOLDER, torch_environment, "network.training", "network.fitting", defaults=QUICK) as waiting:
        yield waiting
