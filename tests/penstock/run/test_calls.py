import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from penstock.errors import PenstockError
from penstock.run.calls import Filter, moment, read, table

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


def call(**other: Any) -> dict[str, Any]:
    usual = {
        "time": "2026-01-31T11:50:00.123+00:00",
        "caller": "arn:aws:sts::123456789012:assumed-role/dev-bigmart-workflow/7c1f09ab",
        "service": "sagemaker",
        "operation": "CreateModel",
        "resources": ["arn:aws:sagemaker:us-east-1:123456789012:model/m"],
        "result": "OK",
        "milliseconds": 1.5,
    }
    return usual | other


@pytest.mark.parametrize(
    "taking",
    [
        Filter(),
        Filter(role="dev-bigmart-*"),
        Filter(operation="sagemaker:Create*"),
        Filter(operation="createmodel"),
        Filter(resource="model/m"),
        Filter(resource="*:model/?"),
        Filter(since=datetime(2026, 1, 31, 11, 50, tzinfo=UTC)),
    ],
)
def test_a_call_that_is_asked_for(taking: Filter) -> None:
    assert taking.takes(call())


@pytest.mark.parametrize(
    "other",
    [
        Filter(role="operator"),
        Filter(operation="s3:*"),
        Filter(operation="Delete*"),
        Filter(resource="endpoint"),
        Filter(denied=True),
        Filter(failed=True),
        Filter(since=NOW),
    ],
)
def test_a_call_that_is_not(other: Filter) -> None:
    assert not other.takes(call())


@pytest.mark.parametrize("result", ["AccessDenied", "AccessDeniedException", "AuthorizationError"])
def test_a_denied_call_has_failed(result: str) -> None:
    assert Filter(denied=True, failed=True).takes(call(result=result))


def test_a_failed_call_is_not_always_denied() -> None:
    assert not Filter(denied=True).takes(call(result="ValidationException"))


def test_services_and_the_operator_go_by_their_names() -> None:
    assert Filter(role="operator").takes(call(caller="arn:aws:iam::123456789012:user/operator"))
    assert Filter(role="events.*").takes(call(caller="events.amazonaws.com"))


def test_a_record_is_read_up_to_its_last_whole_line(tmp_path: Path) -> None:
    record = tmp_path / "calls.jsonl"
    record.write_text(json.dumps(call()) + "\n" + json.dumps(call(service="s3")) + '\n{"time": ')
    assert [one["service"] for one in read(record, Filter(operation="s3:*"))] == ["s3"]
    assert len([*read(record, Filter())]) == 2


def test_no_record(tmp_path: Path) -> None:
    with pytest.raises(PenstockError, match="There is no record of calls at"):
        next(read(tmp_path / "calls.jsonl", Filter()))


def test_a_line_a_call() -> None:
    first, second = table([call(), call(service="s3", operation="GetObject", resources=[], result="AccessDenied")])
    assert "  dev-bigmart-workflow  sagemaker:CreateModel      1.5 ms  OK  model/m" in first
    assert second.endswith("  dev-bigmart-workflow  s3:GetObject               1.5 ms  AccessDenied")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("30s", datetime(2026, 1, 31, 11, 59, 30, tzinfo=UTC)),
        ("10m", datetime(2026, 1, 31, 11, 50, tzinfo=UTC)),
        ("2h", datetime(2026, 1, 31, 10, tzinfo=UTC)),
        ("1d", datetime(2026, 1, 30, 12, tzinfo=UTC)),
        ("2026-01-31T13:00:00+02:00", datetime(2026, 1, 31, 11, tzinfo=UTC)),
    ],
)
def test_times(text: str, meant: datetime) -> None:
    assert moment(text, NOW) == meant


def test_what_is_no_time() -> None:
    with pytest.raises(PenstockError, match=r"--since soon: is no time\. Give how long ago, as 30s"):
        moment("soon", NOW)
