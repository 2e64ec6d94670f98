from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from penstock.local.services.stepfunctions.redrivable import obstacle

NOW = datetime(2026, 11, 20, tzinfo=UTC)
FAILED: Any = {"status": "FAILED", "started": NOW, "stopped": NOW, "events": 10, "now": NOW}


def test_a_failed_execution_can_be_redriven() -> None:
    assert obstacle(**FAILED) is None


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ({"status": "RUNNING"}, "Execution is RUNNING and cannot be redriven"),
        ({"stopped": NOW - timedelta(days=15)}, "Execution redrivable period exceeded"),
        ({"started": NOW - timedelta(days=366)}, "Execution has exceeded the max execution time"),
        ({"events": 24_999}, "Execution history event limit exceeded"),
    ],
)
def test_what_stands_against_it_is_said_as_aws_says_it(what: Any, reason: str) -> None:
    assert obstacle(**{**FAILED, **what}) == reason
