"""Batches of thousands of rows through the real containers: what is answered is each row's own prediction."""

import csv
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from battery.runs import Ended, Runs
from penstock.local.clients import Clients
from penstock.local.cloud import Cloud
from penstock.local.control import Connection
from penstock.run.data import generate

pytestmark = pytest.mark.battery
ACCOUNT, REGION = "123456789012", "us-east-1"
_FILES = 2
_LEAST_ROWS = 5_000
_OF_ENDPOINTS = ("alarms", "smoke_test", "gate")


class Batches(Runs):
    """A cloud in which bigmart predicts in batches."""

    def __init__(self, cloud: Cloud) -> None:
        deployed = cloud.deploy(cloud.root / "cdk.out", "dev")["outputs"]
        operator, url = cloud.operator, cloud.clients.url
        super().__init__(
            Clients(url=url, account=ACCOUNT, region=REGION, operator=operator),
            Connection(url=url, key=operator.secret_key),
            cloud.work,
            deployed["dev-platform"] | deployed["dev-bigmart"],
        )

    def predict(
        self, name: str, rows: list[list[str]], header: list[str], **given: Any
    ) -> tuple[Ended, list[list[str]]]:
        """Predict for rows in several files; return how the run ended, and the rows of its predictions."""
        size = -(-len(rows) // _FILES)
        for number in range(_FILES):
            text = io.StringIO()
            csv.writer(text).writerows([header, *rows[number * size : (number + 1) * size]])
            self.put_data(f"bigmart/{name}/rows-{number}.csv", text.getvalue().encode())
        given = {"predict": f"s3://{self.outputs['DataBucketName']}/bigmart/{name}/", **given}
        states = self.client("stepfunctions")
        started = states.start_execution(stateMachineArn=self.machine, name=name, input=json.dumps(given))
        ended = self.wait(started["executionArn"])
        assert (ended.status, ended.outcome) == ("SUCCEEDED", "DEPLOYED"), ended
        bucket, _, prefix = ended.output["predictions"].removeprefix("s3://").partition("/")
        s3 = self.client("s3")
        keys = sorted(item["Key"] for item in s3.list_objects_v2(Bucket=bucket, Prefix=prefix)["Contents"])
        texts = (s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode() for key in keys)
        return ended, [row for text in texts for row in csv.reader(io.StringIO(text))]


@pytest.fixture
def batches(root: Path, tmp_path: Path, synthesise: Any) -> Iterator[Batches]:
    project = tmp_path / "project"
    pipeline = project / "pipelines/bigmart"
    pipeline.mkdir(parents=True)
    for name in ("app.py", "containers", "lambda"):
        (project / name).symlink_to(root / name)
    kept = root / ".penstock/environments"  # the packages of the containers, which are many
    kept.mkdir(parents=True, exist_ok=True)
    (project / ".penstock").mkdir()
    (project / ".penstock/environments").symlink_to(kept)
    (project / "environments.yaml").write_text(f"dev: {{region: {REGION}}}\n")
    shutil.copy(root / "pipelines/bigmart/generate.py", pipeline)
    spec = yaml.safe_load((root / "pipelines/bigmart/pipeline.yaml").read_text())
    spec = {name: section for name, section in spec.items() if name not in _OF_ENDPOINTS} | {
        "deploy": {"kind": "batch"}
    }
    (pipeline / "pipeline.yaml").write_text(yaml.safe_dump(spec, sort_keys=False))
    assert synthesise(project, project / "cdk.out").returncode == 0
    with Cloud(project, account=ACCOUNT, region=REGION) as cloud:
        yield Batches(cloud)


def test_every_row_gets_its_own_prediction_beside_it_in_order(batches: Batches, root: Path, tmp_path: Path) -> None:
    data = generate(root / "pipelines/bigmart", tmp_path / "generated").path
    batches.put_data("bigmart/data/records.csv", data.read_bytes())
    with data.open(newline="") as file:
        header, *rows = csv.reader(file)
    target = header.index("Item_Outlet_Sales")
    for row in [header, *rows]:
        del row[target]
    assert len(rows) >= _LEAST_ROWS
    trained = f"s3://{batches.outputs['DataBucketName']}/bigmart/data/"
    first, answered = batches.predict("forwards", rows, header, data=trained)
    assert [row[:-1] for row in answered] == rows
    assert len({row[-1] for row in answered}) > 1_000
    assert all(0 < float(row[-1]) < 14_000 for row in answered)
    again, reversed_ = batches.predict("backwards", rows[::-1], header, generation=first.output["generation"])
    assert "Train" not in again.states
    assert reversed_ == answered[::-1]
