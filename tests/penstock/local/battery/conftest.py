from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from battery.project import make_project
from battery.world import World

MakeWorld = Callable[..., AbstractContextManager[World]]


@pytest.fixture(scope="module")
def world(tiny_project: Path) -> Iterator[World]:
    """A cloud with an endpoint that serves, for the cases of a file: moto keeps one cloud a process."""
    with World(tiny_project) as world:
        world.serving()
        yield world


@pytest.fixture(scope="session")
def make_world(tmp_path_factory: pytest.TempPathFactory, synthesise: Any, root: Path) -> MakeWorld:
    """Make a cloud of some speed, whose pipeline has other sections in its pipeline.yaml."""

    @contextmanager
    def make(changes: dict[str, Any], speed: float) -> Iterator[World]:
        project = make_project(tmp_path_factory.mktemp("changed") / "project", root, changes)
        app = synthesise(project, project / "cdk.out")
        assert app.returncode == 0, app.stderr
        with World(project, speed) as world:
            yield world

    return make
