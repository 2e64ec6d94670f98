from pathlib import Path

import pytest

from penstock.local.programs.environments import environment

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def forest_environment() -> Path:
    """The container's own packages, in the cache that the local cloud uses too; built once, whoever asks first."""
    return environment(ROOT / "containers/forest/requirements.txt", ROOT / ".penstock/environments")
