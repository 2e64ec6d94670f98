"""The images that AWS has made, as what stands for them: run as a job runs them, on the container's own programs."""

import json
import zipfile
from pathlib import Path

import pytest

from penstock.local.clients import Clients, Credentials
from penstock.local.programs.images import Programs
from penstock.local.service import AwsError

ROOT = Path(__file__).parents[4]
TABULAR = ROOT / "containers/tabular"
PYTHON = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.4-2-cpu-py3"
SPARK = "173754725891.dkr.ecr.us-east-1.amazonaws.com/sagemaker-spark-processing:3.5-cpu-py312-v1"
TEXTS = {
    "problem": "regression",
    "target": "y",
    "split_method": "random",
    "split_validation": "0.2",
    "split_test": "0.2",
    "split_seed": "3",
}
CELLS = ["", '"a,b"', '"q""q"', '"two\nlines"', " spaced ", "back\\slash", "é"]


@pytest.fixture
def programs() -> Programs:
    clients = Clients(
        url="http://localhost:1", account="123456789012", region="us-east-1", operator=Credentials("a", "b")
    )
    return Programs(clients=clients, containers=ROOT / "containers", cache=ROOT / ".penstock")


@pytest.fixture
def program(tmp_path: Path) -> tuple[Path, Path]:
    """The container's programs as a zip, and the file that begins them."""
    path = tmp_path / "program.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in TABULAR.rglob("*.py"):
            archive.write(file, file.relative_to(TABULAR))
    return path, TABULAR / "__main__.py"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    rows = [f"{number},{CELLS[number % len(CELLS)]},{number}.5" for number in range(40)]
    (folder / "0000-first.csv").write_text("\n".join(["id,x,y", *rows[:20]]) + "\n", encoding="utf-8")
    (folder / "0001-second[1].csv").write_text("\n".join(["id,x,y", *rows[20:]]) + "\n", encoding="utf-8")
    settings = tmp_path / "settings"
    settings.mkdir()
    (settings / "settings.json").write_text(json.dumps({"hyperparameters": TEXTS}))
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_spark_makes_the_same_parts_as_python(
    programs: Programs, program: tuple[Path, Path], data: Path, tmp_path: Path
) -> None:
    archive, driver = map(str, program)
    made = {}
    for image, entrypoint in (
        (PYTHON, ["python3", archive, "process"]),
        (SPARK, ["smspark-submit", "--py-files", archive, driver, "process"]),
    ):
        job = tmp_path / ("spark" if image == SPARK else "python")
        (job / "ml").mkdir(parents=True)
        arguments = ["--data", str(data), "--settings", str(tmp_path / "settings"), "--output", str(job / "out")]
        process = programs.program(image).run(
            entrypoint, [*arguments, "--files", "2"], base=job / "ml", variables={}, log=job / "log"
        )
        assert process.wait(120) == 0, (job / "log").read_text()
        made[image] = files(job / "out")
    assert made[SPARK] == made[PYTHON]
    assert made[SPARK].keys() >= {"train/train-0000.csv", "validation/validation-0001.csv", "seen/seen.bin"}


def test_hosts_beside_the_first_submit_nothing(programs: Programs, tmp_path: Path) -> None:
    base = tmp_path / "ml"
    (base / "config").mkdir(parents=True)
    (base / "config/resourceconfig.json").write_text(json.dumps({"current_host": "algo-2", "hosts": []}))
    process = programs.program(SPARK).run([], ["/none.py"], base=base, variables={}, log=tmp_path / "log")
    assert process.wait(60) == 0
    assert (tmp_path / "log").read_text() == ""


def test_an_image_of_aws_is_there_before_it_is_prepared(programs: Programs) -> None:
    programs.check(SPARK)
    assert programs.of_aws(SPARK)


def test_an_image_of_that_name_in_our_own_account_is_ours(programs: Programs) -> None:
    assert not programs.of_aws(SPARK.replace("173754725891", "123456789012"))


def test_another_image_of_aws_is_none(programs: Programs) -> None:
    assert not programs.of_aws("683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1")
    with pytest.raises(AwsError, match="Invalid image URI"):
        programs.check("xgboost")
