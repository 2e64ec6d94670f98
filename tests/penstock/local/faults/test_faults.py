"""What services are told to let go wrong, and what becomes of a plan."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from penstock.local.clock import Clock
from penstock.local.faults import EndpointFault, Faults, HookFault, JobFault, ServingFault
from penstock.local.faults.plan import read_lines


def planned(*lines: str, **arguments: Any) -> Faults:
    faults = Faults(**arguments)
    faults.plan(read_lines(lines))
    return faults


@pytest.mark.parametrize(("kind", "end"), [("fail", "Failed"), ("stop", "Stopped"), ("hang", "Hang")])
def test_a_job_ends_as_planned_once(kind: str, end: str) -> None:
    faults = planned(f"{kind}=training,name=dev-*")
    assert faults.job("processing", "dev-a") is None
    assert faults.job("training", "other") is None
    taken = faults.job("training", "dev-a")
    assert taken is not None
    assert taken.end == end
    assert faults.job("training", "dev-a") is None


def test_a_job_fails_for_the_reason_that_is_given() -> None:
    assert planned("fail=training,reason=Too hot").job("training", "j") == JobFault("Failed", "Too hot")


def test_a_full_disk_takes_small_files_only() -> None:
    taken = planned("fill=training").job("training", "j")
    assert taken is not None
    assert (taken.end, taken.file_bytes) == ("FillDisk", 32 * 1024)


def test_a_job_on_spot_instances_is_interrupted() -> None:
    faults = planned("interrupt=training,name=dev-*", "interrupt=training,seconds=3")
    assert [faults.interruption(name) for name in ("other", "dev-a", "dev-b")] == [3, 1, None]


def test_a_deployment_ends_as_planned() -> None:
    faults = planned("endpoint=RollingBack:update,seconds=2,reason=Alarm", "endpoint=OutOfService")
    assert faults.endpoint("e", "create") == EndpointFault("OutOfService", 1, "a planned fault")
    assert faults.endpoint("e", "update") == EndpointFault("RollingBack", 2, "Alarm")
    assert faults.endpoint("e", "update") is None


def test_a_status_at_entry_shows_from_the_first_look_on_for_a_while() -> None:
    faults = planned("endpoint=SystemUpdating:entry,seconds=20,name=dev-*", clock=Clock(speed=100))
    assert faults.endpoint("dev-a", "update") is None
    assert faults.status("other") is None
    assert [faults.status("dev-a") for _ in range(2)] == ["SystemUpdating", "SystemUpdating"]
    time.sleep(0.21)
    assert faults.status("dev-a") is None


def test_a_hook_is_meant_by_the_end_of_its_functions_name() -> None:
    faults = planned("crash=prepare:during,call=2", "crash=dev-a-prepare:after")
    assert faults.hook("dev-a-smoke-test") is None
    assert faults.hook("dev-a-prepare") == HookFault("during", 2)
    assert faults.hook("dev-b-prepare") is None
    assert faults.hook("dev-a-prepare") == HookFault("after")


def test_a_serving_process_is_killed_when_planned() -> None:
    faults = planned("kill=dev-*,seconds=0.5")
    assert faults.serving("other") is None
    assert faults.serving("dev-a") == ServingFault(0.5)


def test_a_plan_tells_what_was_met_and_what_was_not() -> None:
    faults = planned("fail=training*2", "hang=tuning")
    faults.job("training", "j")
    assert faults.described() == [
        {"id": 1, "fault": "fail=training*2", "met": ["training job j"]},
        {"id": 2, "fault": "hang=tuning", "met": []},
    ]


def test_what_happened_is_written_down(tmp_path: Path) -> None:
    faults = planned("fail=training", log=tmp_path / "faults.jsonl")
    faults.job("training", "j")
    line = json.loads((tmp_path / "faults.jsonl").read_text())
    assert (line["fault"], line["where"]) == ("fail=training", "training job j")


def test_faults_are_forgotten_by_their_ids_or_altogether() -> None:
    faults = Faults()
    first, _, third = faults.plan(read_lines(["fail=training", "hang=training", "stop=training"]))
    faults.forget([first, third])
    assert [item["fault"] for item in faults.described()] == ["hang=training"]
    faults.forget()
    assert faults.described() == []
