from pathlib import Path

import pytest

from penstock.errors import SpecError
from penstock.spec import load_project

FILE = "pipelines/bigmart/pipeline.yaml"


@pytest.fixture
def spoilt(project: Path) -> Path:
    path = project / FILE
    path.write_text(path.read_text() + "process: {image: scikit-learn}\n")
    return project


def test_image_of_sagemaker_needs_a_region(spoilt: Path) -> None:
    (spoilt / "environments.yaml").write_text("dev: {}\n")

    with pytest.raises(SpecError) as caught:
        load_project(spoilt)

    assert str(caught.value).splitlines()[:-1] == [
        f"{FILE}:15:18  process.image: each region has SageMaker's scikit-learn image elsewhere, and the environment"
        " dev has none.",
        "    Set dev.region in environments.yaml.",
    ]


def test_image_must_be_in_the_region(spoilt: Path) -> None:
    (spoilt / "environments.yaml").write_text("dev: {region: eu-north-9}\n")

    with pytest.raises(
        SpecError, match=r"15:18  process\.image: the environment dev cannot use it: .* in eu-north-9\."
    ):
        load_project(spoilt)


@pytest.mark.parametrize(
    "process",
    [
        "{image: scikit-learn, version: 1.2-1}",
        "{engine: spark, version: '3.5', instance_count: 3}",
        "{engine: spark, container: tabular}",
    ],
)
def test_what_goes_together(project: Path, process: str) -> None:
    path = project / FILE
    path.write_text(path.read_text() + f"process: {process}\n")

    assert load_project(project).pipelines["bigmart"].process.container == "tabular"
