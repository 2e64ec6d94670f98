import json
from pathlib import Path

from penstock.contract.check import BreachError, Check, NotApplicableError, Verdict
from penstock.contract.report import Report, lines


def _breaks(_subject: None) -> None:
    raise BreachError("the status 415", "200: 5.0", "Look at the type.")


def _does_not_apply(_subject: None) -> None:
    raise NotApplicableError("it has no model")


def _verdicts() -> list[Verdict]:
    checks = [Check("a", lambda _: None), Check("b", _breaks), Check("c", _does_not_apply)]
    return [check.judge(None) for check in checks]


def test_a_line_for_each_and_more_for_one_that_failed() -> None:
    assert [lines(verdict) for verdict in _verdicts()] == [
        ["✓ a"],
        ["✗ b", "    expected: the status 415", "    found:    200: 5.0", "    to do:    Look at the type."],
        ["– c: it has no model"],  # noqa: RUF001
    ]


def test_the_summary_names_the_logs_that_were_kept() -> None:
    report = Report("prices", "regression", _verdicts(), 3.21, Path("logs"))
    assert report.summary() == [
        "prices: 1 check passed, 1 failed, 1 did not apply, in 3.2 s.",
        "The logs of its programs are in logs.",
    ]


def test_as_json() -> None:
    found = json.loads(Report("prices", "binary", _verdicts(), 3.21, None).as_json())
    checks = found.pop("checks")
    assert found == {
        "container": "prices",
        "problem": "binary",
        "passed": 1,
        "failed": 1,
        "not_applicable": 1,
        "seconds": 3.21,
        "logs": None,
    }
    assert (checks[1]["title"], checks[1]["outcome"], checks[1]["remedy"]) == ("b", "failed", "Look at the type.")
