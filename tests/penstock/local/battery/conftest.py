from collections.abc import Iterator
from pathlib import Path

import pytest

from battery.world import World


@pytest.fixture(scope="session")
def world(tiny_project: Path) -> Iterator[World]:
    """A cloud with an endpoint that serves, for all cases of a worker."""
    with World(tiny_project) as world:
        yield world
