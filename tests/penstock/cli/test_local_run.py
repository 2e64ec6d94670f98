"""A run in a cloud of its own."""

import json
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from penstock.run.calls import role_of

ROOT = Path(__file__).parents[3]


def test_without_data_it_runs_on_generated_records_and_shows_what_came_out(penstock: Any) -> None:
    ended = penstock("local", "run", "bigmart", "--set", "train.hyperparameters.n_estimators=10")
    assert ended.code == 0, ended.said
    for shown in ("8 523 generated rows", "✓ Train", "held out)", "✓ Create endpoint", "InService on", "predicted"):
        assert shown in ended.said
    assert "\033[" not in ended.said  # no colour where no one watches
    run = ROOT / ended.said.partition("  Run      ")[2].partition(" ")[0]
    calls = [json.loads(line) for line in (run / "calls.jsonl").read_text().splitlines()]
    callers = {role_of(call["caller"]) for call in calls}
    assert {"operator", "dev-bigmart-workflow", "dev-bigmart-execution", "dev-bigmart-prepare"} <= callers
    (log,) = run.glob("sagemaker-training-*-train.log")
    assert "metric rmse=" in log.read_text()
    assert json.loads((run / "history.json").read_text())[-1]["type"] == "ExecutionSucceeded"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing"], "There is no pipeline 'nothing'. There are: "),
        (["bigmart", "--environment", "nowhere"], "There is no environment 'nowhere'. There are: dev"),
        (["bigmart", "--data", "nowhere.csv"], "--data nowhere.csv: does not exist."),
        (["bigmart", "--data", "tests"], "--data tests: is a folder."),
        (["bigmart", "--set", "n=1"], "--set n=1: cannot be set for a run."),
    ],
)
def test_what_it_cannot_run_is_one_message(penstock: Any, arguments: list[str], message: str) -> None:
    ended = penstock("local", "run", *arguments, "--json")
    assert ended.code == 1
    assert message in ended.result["error"]
    assert ended.result["status"] == "FAILED"
    assert "Traceback" not in ended.said


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A project of the same files, in another place; what was built for this one is used."""
    for name in ("app.py", "cdk.json", "environments.yaml"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("pipelines", "containers", "lambda"):
        shutil.copytree(ROOT / name, tmp_path / name)
    built = ROOT / ".penstock" / "environments"
    built.mkdir(parents=True, exist_ok=True)
    (tmp_path / ".penstock").mkdir()
    (tmp_path / ".penstock" / "environments").symlink_to(built)
    return tmp_path


def test_a_model_that_the_gate_rejects_is_not_deployed_in_any_account_and_region(
    penstock: Any, copied: Path, records: Path
) -> None:
    (copied / "environments.yaml").write_text('dev: {account: "111122223333", region: eu-west-1}\n')
    with (copied / "pipelines" / "bigmart" / "pipeline.yaml").open("a") as spec:
        spec.write("gate: {metric: rmse, at_most: 100}\n")
    ended = penstock("local", "run", "bigmart", "--data", str(records), "--json", cwd=copied)
    assert ended.code == 0, ended.said
    assert (ended.result["status"], ended.result["outcome"]) == ("SUCCEEDED", "REJECTED")
    assert [state["name"] for state in ended.result["states"]] == ["Prepare", "Train", "Gate", "Rejected"]
    assert re.search(r"✗ Gate +0.\d s   rmse [\d ]+\.\d, at most 100: rejected\n", ended.said)
    assert re.search(r"rmse is [\d ]+\.\d, at most 100 is required. No endpoint was there before", ended.said)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
@pytest.mark.parametrize("moment", ["calls.jsonl", "sagemaker/training/*/*"], ids=["deploying", "training"])
def test_interrupted_while_it_works_it_leaves_no_process(
    start_penstock: Any, processes_of: Any, records: Path, how: signal.Signals, moment: str
) -> None:
    process: subprocess.Popen[str] = start_penstock("local", "run", "bigmart", "--data", str(records))
    clouds = ROOT / ".penstock" / "clouds" / f"{process.pid}-"
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


@pytest.fixture
def tiny_cloud(start_tiny_cloud: Any, tmp_path: Path) -> Iterator[Any]:
    cloud = start_tiny_cloud(tmp_path / "state")
    yield cloud
    cloud.stop()


def test_a_model_that_fails_its_smoke_test_gives_way_to_the_former_one(tiny_cloud: Any, tiny_records: Path) -> None:
    first = tiny_cloud.run(tiny_records)
    assert first.code == 0, first.said
    sagemaker, states = tiny_cloud.client("sagemaker"), tiny_cloud.client("stepfunctions")
    served = sagemaker.describe_endpoint(EndpointName="dev-tiny")["EndpointConfigName"]
    (machine,) = [item["stateMachineArn"] for item in states.list_state_machines()["stateMachines"]]
    definition = json.loads(states.describe_state_machine(stateMachineArn=machine)["definition"])
    definition["States"]["Smoke test"]["Arguments"]["Payload"]["maximum"] = 1
    states.update_state_machine(stateMachineArn=machine, definition=json.dumps(definition))
    (former,) = states.list_executions(stateMachineArn=machine)["executions"]
    same = states.describe_execution(executionArn=former["executionArn"])["input"]
    second = states.start_execution(stateMachineArn=machine, name="5acedcab", input=same)["executionArn"]
    deadline = time.monotonic() + 60
    while (ended := states.describe_execution(executionArn=second))["status"] == "RUNNING":
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert (ended["status"], ended["error"]) == ("FAILED", "SmokeTestFailed")
    assert "more than the maximum 1" in ended["cause"]
    assert ended["cause"].endswith(f"was put back: it serves {served} again, as before this run.")
    described = sagemaker.describe_endpoint(EndpointName="dev-tiny")
    assert (described["EndpointStatus"], described["EndpointConfigName"]) == ("InService", served)
