import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from penstock.cli import main, status
from penstock.run.status import Status


@pytest.fixture(autouse=True)
def cloud(monkeypatch: pytest.MonkeyPatch) -> None:
    def status_of(_client: None, pipeline: str, environment: str, now: str) -> Status:
        assert (environment, now) == ("dev", "now")
        return Status(pipeline, execution="7c1f09ab", status="RUNNING", state="Train", seconds=9.5)

    project: Any = SimpleNamespace(pipelines={"churn": "churn", "bigmart": "bigmart"})
    running = SimpleNamespace(clients=SimpleNamespace(operator=None), now=lambda: "now")
    monkeypatch.setattr(status, "connected", lambda *_: (project, running))
    monkeypatch.setattr(status, "status_of", status_of)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["status", *arguments])


def test_one_pipeline() -> None:
    assert run("churn").output == "churn · execution 7c1f09ab · RUNNING at Train for 9.5 s\n"


def test_every_pipeline() -> None:
    assert [line.split()[0] for line in run().output.splitlines()] == ["bigmart", "churn"]


def test_json_is_a_line_a_pipeline() -> None:
    lines = [json.loads(line) for line in run("--json").output.splitlines()]
    assert [(line["pipeline"], line["state"], line["outcome"]) for line in lines] == [
        ("bigmart", "Train", None),
        ("churn", "Train", None),
    ]


def test_it_needs_a_cloud(monkeypatch: pytest.MonkeyPatch, project: Path) -> None:
    monkeypatch.undo()
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.chdir(project)
    result = run("bigmart")
    assert (result.exit_code, "AWS_ENDPOINT_URL is not set." in result.stderr) == (1, True)
