"""The runtime's training, around the fit of the program `train` beside this file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from trainer import Trainer, started


@pytest.fixture(scope="session")
def container(runtime_environment: Path) -> Iterator[Trainer]:
    with started(Path(__file__).parent, runtime_environment, "runtime.training") as waiting:
        yield waiting
