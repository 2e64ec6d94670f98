from collections.abc import Callable
from pathlib import Path

import pytest

from penstock.errors import SpecError
from penstock.spec import load_project

Mistakes = Callable[..., list[str]]


@pytest.fixture
def mistakes(project: Path) -> Mistakes:
    """Spoil a file of a valid project, pipeline.yaml by default, and return the lines of the report but its last."""

    def spoil(old: str, new: str, file: str = "pipelines/bigmart/pipeline.yaml") -> list[str]:
        path = project / file
        text = path.read_text()
        assert text.count(old) == 1
        path.write_text(text.replace(old, new))
        with pytest.raises(SpecError) as caught:
            load_project(project)
        return str(caught.value).splitlines()[:-1]

    return spoil
