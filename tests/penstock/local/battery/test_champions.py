"""The champion is judged on the new model's rows, in its own image; and any generation can be the one that serves."""

from pathlib import Path
from typing import Any

import pytest

from battery.project import make_project
from battery.world import World

pytestmark = pytest.mark.battery


@pytest.fixture
def project(tmp_path: Path, synthesise: Any, root: Path) -> Path:
    project = make_project(tmp_path / "project", root)
    assert synthesise(project, project / "cdk.out").returncode == 0
    return project


def test_a_champion_of_another_image_predicts_in_its_own(project: Path, synthesise: Any) -> None:
    with World(project) as world:
        world.serving()
        train = project / "containers" / "tiny" / "train"
        train.write_text(f"{train.read_text()}# Another image.\n")
        assert synthesise(project, project / "cdk.out").returncode == 0
        world.cloud.deploy(project / "cdk.out", "dev")
        ended = world.run({"rmse": "2"})
        assert (ended.status, ended.outcome) == ("SUCCEEDED", "DEPLOYED"), ended
        assert "Score champion" in ended.states
        compared = ended.output["comparison"]["rmse"]
        assert (compared["champion"], compared["challenger"], compared["worse_percent"]) == (1, 2, 100)


def test_a_generation_is_deployed_again(project: Path) -> None:
    with World(project) as world:
        first, second = world.run(), world.run({"predicts": "2.5"})
        assert [first.outcome, second.outcome] == ["DEPLOYED"] * 2, (first, second)
        again = world.wait(world.start_known(first.output["generation"]))
        assert (again.status, again.outcome) == ("SUCCEEDED", "DEPLOYED"), again
        assert again.output["generation"] == first.output["generation"]
        assert not {"Check data", "Process", "Train", "Evaluate", "Gate", "Register"} & {*again.states}
        runtime = world.client("sagemaker-runtime")
        answer = runtime.invoke_endpoint(EndpointName="dev-tiny", ContentType="text/csv", Body=b"x\n1\n")
        assert answer["Body"].read() == b"1.5\n"
