"""Faults, as a person plans them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from moto.core.request import Request

from penstock.cli import main
from penstock.local.control import Control
from penstock.local.faults import Faults
from penstock.local.gateway.server import Server

KEY = "AKIAOPERATOR"


def refuse(*_: object) -> Any:
    raise AssertionError("only faults are asked for")


@pytest.fixture
def faults(project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Faults]:
    """Those of a cloud that runs for the project in the current folder."""
    faults = Faults()
    folder = str(project)
    described = {"root": folder, "work": folder, "account": "123456789012", "region": "us-east-1", "speed": 1.0}
    control = Control(
        key=KEY,
        describe=lambda: described,
        deploy=refuse,
        diff=refuse,
        destroy=refuse,
        faults=faults.serve,
        permissions=refuse,
    )
    server = Server(Request.application(control), port=0)
    monkeypatch.chdir(project)
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAOPERATOR")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", KEY)
    yield faults
    server.close()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["local", *arguments])


def test_faults_are_planned_in_a_running_cloud(faults: Faults) -> None:
    done = run("fault", "hang=training", "lose=sagemaker:UpdateEndpoint*2")
    assert done.exit_code == 0, done.output
    assert [item["fault"] for item in faults.described()] == ["hang=training", "lose=sagemaker:UpdateEndpoint*2"]
    assert "hang=training: not met yet" in done.output


def test_what_is_planned_is_listed_with_how_often_it_was_met(faults: Faults) -> None:
    assert run("fault").output == "No faults are planned.\n"
    run("fault", "fail=training*3")
    faults.job("training", "dev-tiny-1")
    faults.job("training", "dev-tiny-2")
    assert run("fault").output == "fail=training*3: met 2 times, last by training job dev-tiny-2\n"


def test_once_is_one_time(faults: Faults) -> None:
    run("fault", "fail=training*3")
    faults.job("training", "dev-tiny-1")
    assert "met 1 time, last by" in run("fault").output


def test_what_was_planned_can_be_forgotten(faults: Faults) -> None:
    run("fault", "hang=training")
    assert run("fault", "--clear").output == "No faults are planned.\n"


def test_faults_can_be_in_a_file(faults: Faults, project: Path) -> None:
    (project / "faults.yaml").write_text("faults:\n- {fault: hang, job: training}\n")
    assert run("fault", "--faults", "faults.yaml").exit_code == 0
    assert [item["fault"] for item in faults.described()] == ["hang=training"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("fault", "hang=trainng"), '--fault hang=trainng: job: "trainng" is not one of'),
        (("fault", "--faults", "none.yaml"), "none.yaml  there is no such file"),
        (("up", "--fault", "hang"), "--fault hang: A fault is written KIND=WHAT"),
    ],
)
def test_a_wrong_fault_is_one_message(faults: Faults, arguments: tuple[str, ...], message: str) -> None:
    done = run(*arguments)
    assert done.exit_code == 1
    assert message in done.output
    assert faults.described() == []


def test_without_a_running_cloud_it_says_what_to_do(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    done = run("fault", "hang=training")
    assert done.exit_code == 1
    assert "AWS_ENDPOINT_URL is not set. Export every line that `penstock local up` printed" in done.output


def test_a_run_shows_what_went_wrong_and_what_did_not(tiny_project: Path, penstock_process: Any) -> None:
    (tiny_project / "records.csv").write_text("x,y\n1,2\n2,3\n3,4\n")
    faults = ("--fault", "throttle=sagemaker:CreateModel*2", "--fault", "hang=tuning")
    ended = penstock_process(
        *("local", "run", "tiny", "--data", "records.csv", "--speed", "20", "--json", *faults), cwd=tiny_project
    )
    assert ended.code == 0, ended.said
    throttled, hung = ended.result["faults"]
    assert throttled["fault"] == "throttle=sagemaker:CreateModel*2"
    assert throttled["met"] == ["sagemaker:CreateModel by dev-tiny-workflow"] * 2
    assert hung == {"fault": "hang=tuning", "met": []}
    assert "hang=tuning: planned, never met" in ended.said
    assert "throttle=sagemaker:CreateModel*2: met by sagemaker:CreateModel by" in ended.said
    # The cloud's time goes 20 times as fast; what is shown are seconds of this machine.
    assert sum(state["seconds"] for state in ended.result["states"]) <= ended.result["seconds"]
    run_folder = tiny_project / ".penstock" / "runs" / ended.result["execution"]
    met = [json.loads(line) for line in (run_folder / "faults.jsonl").read_text().splitlines()]
    assert [line["fault"] for line in met] == ["throttle=sagemaker:CreateModel*2"] * 2
    results = [json.loads(line)["result"] for line in (run_folder / "calls.jsonl").read_text().splitlines()]
    assert results.count("ThrottlingException (planned fault)") == 2
