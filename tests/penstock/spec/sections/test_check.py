from pathlib import Path

import pytest

from penstock.spec import load_project
from penstock.spec.sections.check import Drift

FILE = "pipelines/bigmart/pipeline.yaml"


@pytest.mark.parametrize(
    ("check", "drift"),
    [("{}", Drift(maximum_psi=0.25)), ("{drift: {maximum_psi: 0.1}}", Drift(maximum_psi=0.1)), ("{drift: none}", None)],
)
def test_drift_is_checked_unless_the_word_none_is_given(project: Path, check: str, drift: Drift | None) -> None:
    path = project / FILE
    path.write_text(path.read_text() + f"check: {check}\n")

    assert load_project(project).pipelines["bigmart"].check.drift == drift
