"""A run in a cloud of its own."""

import json
import re
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from battery.project import make_project
from penstock.run.calls import role_of

ROOT = Path(__file__).parents[3]


def test_without_data_it_runs_on_generated_records_and_shows_what_came_out(
    penstock: Any, penstock_process: Any
) -> None:
    ended = penstock_process("local", "run", "bigmart", "--set", "train.hyperparameters.n_estimators=10")
    assert ended.code == 0, ended.said
    for shown in (
        "8 523 generated rows",
        "✓ Check data",
        "12 columns",
        "held out)",
        "✓ Evaluate",
        "✓ Gate",
        "generation 1",
        "InService on",
        "predicted",
        "DEPLOYED: generation 1.",
    ):
        assert shown in ended.said
    assert "\033[" not in ended.said  # no colour where no one watches
    run = ROOT / ended.said.partition("  Run      ")[2].partition(" ")[0]
    calls = [json.loads(line) for line in (run / "calls.jsonl").read_text().splitlines()]
    callers = {role_of(call["caller"]) for call in calls}
    assert {"operator", "dev-bigmart-workflow", "dev-bigmart-execution", "dev-bigmart-prepare"} <= callers
    (log,) = run.glob("sagemaker-training-*-train.log")
    assert "metric rmse=" in log.read_text()
    assert json.loads((run / "history.json").read_text())[-1]["type"] == "ExecutionSucceeded"
    assert json.loads((run / "profile.json").read_text())["dataset"]["item_count"] == 8523
    assert "rmse" in json.loads((run / "evaluation.json").read_text())["regression_metrics"]
    assert "<html" in (run / "report.html").read_text()
    drawn = penstock("graph", "bigmart", "--execution", run.name)
    assert "✓ Evaluate" in drawn.said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing"], "There is no pipeline 'nothing'. There are: "),
        (["bigmart", "--environment", "nowhere"], "There is no environment 'nowhere'. There are: dev"),
        (["bigmart", "--data", "nowhere.csv"], "--data nowhere.csv: does not exist."),
        (["bigmart", "--data", "tests"], "--data tests: is a folder."),
        (["bigmart", "--set", "n=1"], "--set n=1: cannot be set for a run."),
        (["bigmart", "--predict", "x.csv"], "--predict x.csv: bigmart has an endpoint; batch pipelines predict for a"),
    ],
)
def test_what_it_cannot_run_is_one_message(penstock: Any, arguments: list[str], message: str) -> None:
    ended = penstock("local", "run", *arguments, "--json")
    assert ended.code == 1
    assert message in ended.result["error"]
    assert ended.result["status"] == "FAILED"
    assert "Traceback" not in ended.said


def test_a_model_that_the_gate_rejects_is_not_deployed_in_any_account_and_region(
    penstock_process: Any, tiny_records: Path, tmp_path: Path
) -> None:
    project = make_project(tmp_path / "project", ROOT, {"gate": {"metric": "rmse", "at_most": 0.5}})
    (project / "environments.yaml").write_text('dev: {account: "111122223333", region: eu-west-1}\n')
    ended = penstock_process("local", "run", "tiny", "--data", str(tiny_records), "--json", cwd=project)
    assert ended.code == 0, ended.said
    assert (ended.result["status"], ended.result["outcome"]) == ("SUCCEEDED", "REJECTED")
    names = [state["name"] for state in ended.result["states"]]
    assert names[-4:] == ["Gate", "Gate passed", "Release lock", "Publish"]
    assert ended.result["gate"]["challenger"]["metrics"]["rmse"] == ended.result["metrics"]["rmse"] == 1
    assert (ended.result["gate"]["champion"], ended.result["generation"]) == (None, None)
    assert re.search(r"✗ Gate +\d+\.\d s   rejected · rmse 1\.0", ended.said)
    assert re.search(r"REJECTED: rmse is 1, at most 0.5 is required\. No endpoint was there before", ended.said)


@pytest.mark.parametrize(
    ("how", "moment"),
    [
        pytest.param(signal.SIGINT, "calls.jsonl", id="SIGINT-deploying"),
        pytest.param(signal.SIGKILL, "calls.jsonl", id="SIGKILL-deploying", marks=pytest.mark.battery),
        pytest.param(signal.SIGINT, "sagemaker/training/*/*", id="SIGINT-training"),
        pytest.param(signal.SIGKILL, "sagemaker/training/*/*", id="SIGKILL-training"),
    ],
)
def test_interrupted_while_it_works_it_leaves_no_process(
    start_penstock: Any, processes_of: Any, tiny_project: Path, tiny_records: Path, how: signal.Signals, moment: str
) -> None:
    run = ("local", "run", "tiny", "--data", str(tiny_records), "--fault", "hang=training")
    measured = how is not signal.SIGKILL  # what is killed tells coverage nothing
    process: subprocess.Popen[str] = start_penstock(*run, cwd=tiny_project, measured=measured)
    clouds = tiny_project / ".penstock" / "clouds" / f"{process.pid}-"
    deadline = time.monotonic() + 60
    while not any(clouds.parent.glob(f"{clouds.name}*/{moment}")):
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(how)
    said, _ = process.communicate(timeout=30)
    if how is signal.SIGINT and moment != "calls.jsonl":
        assert re.search(r"\nInterrupted: execution [0-9a-f]{8} was stopped.\n", said)
    assert process.returncode == {signal.SIGINT: 130, signal.SIGKILL: -signal.SIGKILL}[how]
    deadline = time.monotonic() + 10
    while processes_of(clouds) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert processes_of(clouds) == []
