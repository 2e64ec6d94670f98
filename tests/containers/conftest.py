import sys
from ctypes.util import find_library
from functools import partial
from pathlib import Path

import pytest

from penstock.local.programs.environments import environment
from trainer import Train, Trainer, prices

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def forest_environment() -> Path:
    """The container's own packages, in the cache that the local cloud uses too; built once, whoever asks first."""
    return environment(ROOT / "containers/forest/requirements.txt", ROOT / ".penstock/environments")


@pytest.fixture(scope="session")
def runtime_environment() -> Path:
    """What every container's programs have."""
    return environment(ROOT / "containers/runtime/requirements.txt", ROOT / ".penstock/environments")


@pytest.fixture(scope="session")
def boosting_environment() -> Path:
    if sys.platform == "linux" and find_library("gomp") is None:
        pytest.skip("LightGBM needs OpenMP's library, libgomp1 on Debian and Ubuntu")
    return environment(ROOT / "containers/boosting/requirements.txt", ROOT / ".penstock/environments")


@pytest.fixture
def train(container: Trainer, tmp_path: Path) -> Train:
    """Run `train` of the folder's `container`; the problem is a regression of `price` unless said otherwise."""
    return partial(container.train, tmp_path)


@pytest.fixture
def data() -> str:
    """Rows for `train`."""
    return prices()
