from pathlib import Path

import pytest

from penstock.errors import SynthError
from penstock.run.synth import synthesise

APP = """
import os, pathlib
out = pathlib.Path(os.environ["CDK_OUTDIR"])
out.mkdir(exist_ok=True)
(out / "manifest.json").write_text("{}")
with open("runs", "a") as file:
    file.write("run ")
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "pipelines").mkdir()
    return tmp_path


def runs(project: Path) -> int:
    return (project / "runs").read_text().count("run")


def test_the_app_runs_once_while_nothing_changes(project: Path) -> None:
    assert [synthesise(project), synthesise(project)] == [True, False]
    assert runs(project) == 1


def test_it_runs_again_when_a_source_changes(project: Path) -> None:
    synthesise(project)
    (project / "pipelines" / "pipeline.yaml").write_text("name: other\n")
    assert synthesise(project)


def test_it_runs_again_when_the_assembly_is_not_what_it_wrote(project: Path) -> None:
    synthesise(project)
    (project / "cdk.out" / "manifest.json").write_text('{"by": "someone else"}')
    assert synthesise(project)


def test_what_the_app_says_when_it_fails_is_the_error(project: Path) -> None:
    (project / "app.py").write_text("raise SystemExit('pipelines/bigmart/pipeline.yaml:3:1  wrong')")
    with pytest.raises(SynthError, match=r"^pipelines/bigmart/pipeline.yaml:3:1  wrong$"):
        synthesise(project)


def test_an_app_that_fails_without_a_word_is_said_to(project: Path) -> None:
    (project / "app.py").write_text("raise SystemExit(3)")
    with pytest.raises(SynthError, match=r"app.py ended with exit code 3 and said nothing."):
        synthesise(project)
