"""The container's programs, run as SageMaker runs them: as processes, in an environment of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from trainer import Outcome, Trainer, prices, started

FOLDER = Path(__file__).parents[3] / "containers/boosting"
# 180 rows are few: with 20 in a leaf, and 3 in a bin, little can be told apart.
SMALL = {"min_data_in_leaf": "2", "cat_smooth": "1"}


@pytest.fixture(scope="session")
def container(boosting_environment: Path) -> Iterator[Trainer]:
    with started(FOLDER, boosting_environment, "boosting.training", "boosting.fitting", defaults=SMALL) as waiting:
        yield waiting


@pytest.fixture(scope="session")
def trained(container: Trainer, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """A regression, with the last tenth of the rows held out."""
    base = tmp_path_factory.mktemp("trained")
    return container.train(base, {"prices.csv": prices()}, split_method="ordered")
