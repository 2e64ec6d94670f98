import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from penstock.cli.local_calls import calls

CALL = {
    "time": "2026-01-31T11:50:00.123+00:00",
    "caller": "arn:aws:iam::123456789012:user/operator",
    "service": "s3",
    "operation": "PutObject",
    "resources": ["arn:aws:s3:::data/k"],
    "result": "OK",
    "milliseconds": 1.5,
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of two runs, of which `new` is the newer."""
    (tmp_path / "pipelines").mkdir()
    (tmp_path / "environments.yaml").touch()
    for age, name in enumerate(("new", "old")):
        record = tmp_path / ".penstock" / "runs" / name / "calls.jsonl"
        record.parent.mkdir(parents=True)
        record.write_text(json.dumps(CALL | {"operation": f"{name}Object"}) + "\n")
        os.utime(record, (1_700_000_000 - age, 1_700_000_000 - age))
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    return tmp_path


@pytest.fixture
def run(project: Path) -> Callable[..., Result]:
    return lambda *arguments: CliRunner().invoke(calls, arguments)


def test_the_newest_run_is_shown(run: Any, project: Path) -> None:
    ended = run()
    assert ended.exit_code == 0
    assert "operator  s3:newObject      1.5 ms  OK  data/k" in ended.stdout
    assert ended.stderr == f"1 call of {project}/.penstock/runs/new\n"


def test_another_run_is_shown_by_its_name(run: Any) -> None:
    assert "s3:oldObject" in run("--run", "old").stdout


def test_json_is_a_line_a_call(run: Any) -> None:
    assert json.loads(run("--json", "--operation", "s3:*").stdout) == CALL | {"operation": "newObject"}


def test_what_is_filtered_out_is_not_shown(run: Any) -> None:
    assert run("--role", "dev-*").stdout == ""


def test_a_run_and_the_cloud_at_once_are_refused(run: Any) -> None:
    assert "--run and --cloud: a run's calls or the cloud's, not both." in str(run("--run", "old", "--cloud").exception)


def test_no_runs(run: Any, project: Path) -> None:
    for record in (project / ".penstock" / "runs").glob("*/calls.jsonl"):
        record.unlink()
    assert "has no runs" in str(run().exception)


def test_the_cloud_that_runs_must_be_known(run: Any) -> None:
    assert "export the variables" in str(run("--cloud").exception)


def test_the_record_of_a_cloud_that_runs(cloud: Any, penstock: Any) -> None:
    cloud.client("s3").list_buckets()
    ended = penstock("local", "calls", "--cloud", "--operation", "s3:ListBuckets", "--json", **cloud.variables)
    assert ended.result["caller"].endswith(":user/operator")
