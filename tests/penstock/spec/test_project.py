from pathlib import Path

import pytest

from penstock.errors import SpecError
from penstock.spec import load_project


def test_environments_and_pipelines_are_loaded_by_name(project: Path) -> None:
    loaded = load_project(project)

    assert (loaded.root, list(loaded.environments), list(loaded.pipelines)) == (project, ["dev"], ["bigmart"])


def test_a_project_may_have_no_pipelines_yet(project: Path) -> None:
    (project / "pipelines").rename(project / "old")

    assert load_project(project).pipelines == {}


def test_every_mistake_of_every_file_is_told_in_order(project: Path) -> None:
    for name in ("churn", "prices"):
        (project / "pipelines" / name).mkdir()
    (project / "pipelines/churn/pipeline.yaml").write_text("name: [churn\n")
    bigmart = project / "pipelines/bigmart"
    text = (bigmart / "pipeline.yaml").read_text()
    (bigmart / "pipeline.yaml").write_text(
        text.replace("metric:", "metrik:").replace("problem: regression", "problem: x")
    )
    (bigmart / "smoke.csv").write_text("Weight,Fat\n1\n")
    (project / "environments.yaml").write_text("dev: {regions: us-east-1}\n")

    with pytest.raises(SpecError) as caught:
        load_project(project)

    assert (
        str(caught.value)
        == """\
environments.yaml:1:7                 dev.regions: unknown key. Keys here: account, region, vpc, notify.
    Did you mean region?
pipelines/bigmart/pipeline.yaml:2:10  problem: "x" is not one of: regression, binary, multiclass, clustering, anomaly.
pipelines/bigmart/pipeline.yaml:11:1  gate.metric: missing.
    The metric of the test rows that decides; which there are depends on the problem.
pipelines/bigmart/pipeline.yaml:11:8  gate.metrik: unknown key. Keys here: metric, at_most, at_least, versus_champion.
    Did you mean metric?
pipelines/bigmart/smoke.csv:2:1       1 value, where the header has 2.
pipelines/churn/pipeline.yaml:2:1     not YAML: did not find expected ',' or ']' while parsing a flow sequence.
pipelines/prices/pipeline.yaml        there is no such file.
    docs/pipeline.md describes what goes into it.
7 errors in environments.yaml and 3 of 3 pipelines. Nothing was synthesised."""
    )


def test_hidden_folders_are_no_pipelines(project: Path) -> None:
    (project / "pipelines/.ipynb_checkpoints").mkdir()
    (project / "pipelines/__pycache__").mkdir()
    (project / "pipelines/README.md").touch()

    assert list(load_project(project).pipelines) == ["bigmart"]


def test_environments_are_needed(project: Path) -> None:
    (project / "environments.yaml").unlink()

    with pytest.raises(SpecError) as caught:
        load_project(project)

    assert str(caught.value).splitlines() == [
        "environments.yaml  there is no such file.",
        "    docs/pipeline.md describes what goes into it.",
        "1 error in environments.yaml. Nothing was synthesised.",
    ]
