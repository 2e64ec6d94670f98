"""When schedules run."""

from datetime import UTC, datetime

import pytest

from penstock.local.services.events.schedules import ScheduleError, schedule

FRIDAY = datetime(2026, 11, 20, 12, 30, 15, tzinfo=UTC)


def following(expression: str, count: int = 1, since: datetime = FRIDAY) -> list[str]:
    times: list[str] = []
    moment: datetime | None = since
    for _ in range(count):
        assert moment is not None
        moment = schedule(expression).after(moment)
        if moment is not None:
            times.append(f"{moment:%Y-%m-%d %H:%M}")
    return times


@pytest.mark.parametrize(
    ("expression", "times"),
    [
        ("rate(1 minute)", ["2026-11-20 12:31", "2026-11-20 12:32"]),
        ("rate(5 minutes)", ["2026-11-20 12:35", "2026-11-20 12:40"]),
        ("rate(1 hour)", ["2026-11-20 13:30"]),
        ("rate(7 days)", ["2026-11-27 12:30"]),
        ("cron(0 10 * * ? *)", ["2026-11-21 10:00", "2026-11-22 10:00"]),
        ("cron(15 12 * * ? *)", ["2026-11-21 12:15"]),
        ("cron(0 18 ? * MON-FRI *)", ["2026-11-20 18:00", "2026-11-23 18:00"]),
        ("cron(0 8 1 * ? *)", ["2026-12-01 08:00", "2027-01-01 08:00"]),
        ("cron(0/15 * * * ? *)", ["2026-11-20 12:45", "2026-11-20 13:00"]),
        ("cron(*/20 12 * * ? *)", ["2026-11-20 12:40", "2026-11-21 12:00"]),
        ("cron(0/5 8-17 ? * 2-6 *)", ["2026-11-20 12:35"]),
        ("cron(0,30 20-23/2 ? * mon-fri *)", ["2026-11-20 20:00", "2026-11-20 20:30", "2026-11-20 22:00"]),
        ("cron(0 0 L * ? *)", ["2026-11-30 00:00", "2026-12-31 00:00"]),
        ("cron(0 0 LW * ? *)", ["2026-11-30 00:00", "2026-12-31 00:00", "2027-01-29 00:00"]),
        ("cron(0 0 15W * ? *)", ["2026-12-15 00:00", "2027-01-15 00:00", "2027-02-15 00:00"]),
        ("cron(0 0 1W AUG ? 2027)", ["2027-08-02 00:00"]),
        ("cron(0 0 1W MAY ? 2027)", ["2027-05-03 00:00"]),
        ("cron(0 0 31W OCT ? 2027)", ["2027-10-29 00:00"]),
        ("cron(0 0 10W JUL ? 2027)", ["2027-07-09 00:00"]),
        ("cron(0 0 30W * ? 2027)", ["2027-01-29 00:00", "2027-03-30 00:00"]),
        ("cron(0 0 29 FEB ? *)", ["2028-02-29 00:00"]),
        ("cron(0 9 ? * 6#3 *)", ["2026-12-18 09:00"]),
        ("cron(0 9 ? * 2#1 *)", ["2026-12-07 09:00"]),
        ("cron(0 9 ? * 2#5 *)", ["2026-11-30 09:00", "2027-03-29 09:00"]),
        ("cron(0 9 ? * 6L *)", ["2026-11-27 09:00"]),
        ("cron(0 9 ? * L *)", ["2026-11-28 09:00"]),
        ("cron(0 0 1 1 ? 2030/2)", ["2030-01-01 00:00", "2032-01-01 00:00"]),
        ("cron(0 0 1 1 ? 2020)", []),
    ],
)
def test_the_next_times(expression: str, times: list[str]) -> None:
    assert following(expression, max(len(times), 1)) == times


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("every day", "neither rate"),
        ("rate(0 minutes)", "neither rate"),
        ("rate(99999999999999 days)", "the calendar ends before"),
        ("rate(1 minutes)", "singular"),
        ("rate(2 minute)", "singular"),
        ("cron(0 10 * * ?)", "it has 5 fields; there are six"),
        ("cron(0 10 * * * *)", "one of day-of-month and day-of-week must be"),
        ("cron(0 10 ? * ? *)", "one of day-of-month and day-of-week must be"),
        ("cron(60 10 * * ? *)", "60 is not in 0-59"),
        ("cron(0 10 * FOO ? *)", "FOO is not in 1-12"),
        ("cron(0 10 ? * 6#6 *)", "6 is not in 1-5"),
        ("cron(0 10 5-2 * ? *)", "5-2 ends before it begins"),
        ("cron(0/0 10 * * ? *)", "0 is no increment"),
        ("cron(, 10 * * ? *)", "nothing is not in 0-59"),
    ],
)
def test_what_is_no_schedule_is_refused(expression: str, reason: str) -> None:
    with pytest.raises(ScheduleError, match=reason):
        schedule(expression)
