from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from penstock.cli import main


def _validate(project: Path) -> Result:
    return CliRunner().invoke(main, ["validate", "--project", str(project)])


def test_valid_project(project: Path) -> None:
    result = _validate(project)

    assert (result.exit_code, result.stdout, result.stderr) == (0, "1 pipeline and 1 environment are valid.\n", "")


def test_project_is_that_of_the_current_folder(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "environments.yaml").write_text("dev: {}\nprod: {}\n")
    monkeypatch.chdir(project / "containers")

    assert CliRunner().invoke(main, ["validate"]).stdout == "1 pipeline and 2 environments are valid.\n"


def test_mistakes_go_to_standard_error(project: Path) -> None:
    path = project / "pipelines/bigmart/pipeline.yaml"
    path.write_text(path.read_text().replace("ml.m5.xlarge", "ml.m5.huge"))

    result = _validate(project)

    assert (result.exit_code, result.stdout) == (1, "")
    assert (
        result.stderr
        == """\
pipelines/bigmart/pipeline.yaml:10:18  train.instance_type: "ml.m5.huge" is no SageMaker training instance.
    Did you mean ml.m5.large?
1 error in 1 of 1 pipeline. Nothing was synthesised.
"""
    )
