from collections.abc import Iterator
from pathlib import Path

import pytest

from battery.world import World


@pytest.fixture(scope="module")
def world(tiny_project: Path) -> Iterator[World]:
    """A cloud with an endpoint that serves, for the cases of a file: moto keeps one cloud a process."""
    with World(tiny_project) as world:
        yield world
