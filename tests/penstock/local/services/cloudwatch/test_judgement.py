"""AWS's own tables of how an alarm is evaluated when data is missing."""

import pytest

from penstock.local.services.cloudwatch.judgement import judge

_MISSING = ("missing", "ignore", "breaching", "notBreaching")
_KEEPS = None
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
_THREE_OF_THREE = {
    "0-X-X": ("OK", "OK", "OK", "OK"),
    "----0": ("OK", "OK", "OK", "OK"),
    "-----": ("INSUFFICIENT_DATA", _KEEPS, "ALARM", "OK"),
    "0XX-X": ("ALARM", "ALARM", "ALARM", "ALARM"),
    "--X--": ("ALARM", _KEEPS, "ALARM", "OK"),
    "----X": ("OK", "OK", "ALARM", "OK"),
    "---X-": ("OK", "OK", "ALARM", "OK"),
}
_TWO_OF_THREE = {
    "0-X-X": ("ALARM", "ALARM", "ALARM", "ALARM"),
    "00X0X": ("ALARM", "ALARM", "ALARM", "ALARM"),
    "0-X--": ("OK", "OK", "ALARM", "OK"),
    "----0": ("OK", "OK", "ALARM", "OK"),
    "---X-": ("ALARM", _KEEPS, "ALARM", "OK"),
}
_CASES = [
    (points, needed, missing, state)
    for needed, table in ((3, _THREE_OF_THREE), (2, _TWO_OF_THREE))
    for points, states in table.items()
    for missing, state in zip(_MISSING, states, strict=True)
]


@pytest.mark.parametrize(("points", "needed", "missing", "state"), _CASES)
def test_missing_data_is_treated_as_the_tables_say(points: str, needed: int, missing: str, state: str | None) -> None:
    values = [{"0": 0.0, "X": 1.0, "-": None}[point] for point in points]
    verdict = judge(values, lambda value: value > 0, evaluated=3, needed=needed, missing=missing)
    assert (verdict.state if verdict else None) == state


def test_a_verdict_says_which_points_it_rests_on() -> None:
    verdict = judge([1.0, None, 2.0, None, None], lambda _: True, evaluated=3, needed=3, missing="breaching")
    assert verdict is not None
    assert (verdict.used, verdict.filled) == ([0, 2], 1)
