"""Schedules: rate(5 minutes), and cron() with the six fields of AWS, in UTC.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
"""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

_RATE = re.compile(r"rate\((?P<value>[1-9]\d*) (?P<unit>minute|hour|day)(?P<plural>s?)\)")
_CRON = re.compile(r"cron\((?P<fields>[^()]+)\)")
_MONTHS = {name.upper(): number for number, name in enumerate(calendar.month_abbr) if name}
_WEEKDAYS = {name.upper(): (number + 1) % 7 + 1 for number, name in enumerate(calendar.day_abbr)}
_YEARS = range(1970, 2200)
_MOST_DAYS = 1_000_000  # a rate of more of any unit would leave the calendar
_FIELDS = 6
_FRIDAY, _SUNDAY, _DAYS = 4, 6, 7
_Days = Callable[[int, int], set[int]]  # of a year and a month


class ScheduleError(ValueError):
    """A schedule expression that is none."""


@dataclass(frozen=True)
class Rate:
    """Again and again after the same time."""

    period: timedelta

    def after(self, moment: datetime) -> datetime | None:
        """Return the next time."""
        return moment + self.period


@dataclass(frozen=True)
class Cron:
    """At the minutes that all fields name."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: _Days
    months: tuple[int, ...]
    years: tuple[int, ...]

    def after(self, moment: datetime) -> datetime | None:
        """Return the next time, or None if there is none any more."""
        start = moment.astimezone(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
        for year in (year for year in self.years if year >= start.year):
            for month in self.months:
                if (year, month) < (start.year, start.month):
                    continue
                for day in sorted(self.days(year, month)):
                    found = self._on(datetime(year, month, day, tzinfo=UTC), start)
                    if found is not None:
                        return found
        return None

    def _on(self, day: datetime, start: datetime) -> datetime | None:
        times = (day.replace(hour=hour, minute=minute) for hour in self.hours for minute in self.minutes)
        return next((time for time in times if time >= start), None)


@lru_cache(maxsize=256)
def schedule(expression: str) -> Rate | Cron:
    """Read a schedule expression.

    Raises:
        ScheduleError: it is none.
    """
    if rate := _RATE.fullmatch(expression):
        value, unit = int(rate["value"]), rate["unit"]
        if (value == 1) == bool(rate["plural"]):
            raise ScheduleError(f"{expression}: 1 goes with a singular unit, and more with a plural one.")
        if value > _MOST_DAYS:
            raise ScheduleError(f"{expression}: the calendar ends before.")
        return Rate(timedelta(**{f"{unit}s": value}))
    cron = _CRON.fullmatch(expression)
    if cron is None:
        raise ScheduleError(f"{expression} is neither rate() nor cron().")
    try:
        return _cron(cron["fields"].split())
    except ValueError as error:
        raise ScheduleError(f"{expression}: {error}") from error


def _cron(fields: list[str]) -> Cron:
    if len(fields) != _FIELDS:
        raise ValueError(f"it has {len(fields)} fields; there are six: minutes, hours, day, month, weekday, year.")
    minute, hour, day, month, weekday, year = fields
    if (day == "?") == (weekday == "?"):
        raise ValueError("one of day-of-month and day-of-week must be ?, and not both.")
    return Cron(
        minutes=_numbers(minute, range(60)),
        hours=_numbers(hour, range(24)),
        days=_days_of_month(day) if weekday == "?" else _days_of_week(weekday),
        months=_numbers(month, range(1, 13), _MONTHS),
        years=_numbers(year, _YEARS),
    )


def _numbers(field: str, bounds: range, names: dict[str, int] | None = None) -> tuple[int, ...]:
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        if first == "*":
            low, high = bounds[0], bounds[-1]
        else:
            low = _number(first, bounds, names or {})
            high = _number(last, bounds, names or {}) if last else (bounds[-1] if step else low)
        if low > high:
            raise ValueError(f"{part} ends before it begins.")
        found.update(range(low, high + 1, _step(step)))
    return tuple(sorted(found))


def _step(text: str) -> int:
    if not text:
        return 1
    if not text.isdecimal() or not int(text):
        raise ValueError(f"{text} is no increment.")
    return int(text)


def _number(text: str, bounds: range, names: dict[str, int]) -> int:
    number = names.get(text.upper(), int(text) if text.isdecimal() else -1)
    if number not in bounds:
        raise ValueError(f"{text or 'nothing'} is not in {bounds[0]}-{bounds[-1]}.")
    return number


def _days_of_month(field: str) -> _Days:
    if field == "L":
        return lambda year, month: {_length(year, month)}
    if field == "LW":
        return lambda year, month: {_nearest_weekday(year, month, _length(year, month))}
    if field.endswith("W"):
        near = _number(field[:-1], range(1, 32), {})
        return lambda year, month: {_nearest_weekday(year, month, near)} if near <= _length(year, month) else set()
    days = _numbers(field, range(1, 32))
    return lambda year, month: {day for day in days if day <= _length(year, month)}


def _days_of_week(field: str) -> _Days:
    weekday, hash_sign, count = field.partition("#")
    if hash_sign:
        which = _number(count, range(1, 6), {}) - 1
        wanted = _numbers(weekday, range(1, 8), _WEEKDAYS)
        return lambda year, month: {*_on(year, month, wanted)[which : which + 1]}
    if field.endswith("L"):
        last = _numbers(field[:-1] or "7", range(1, 8), _WEEKDAYS)
        return lambda year, month: {_on(year, month, last)[-1]}
    days = _numbers(field, range(1, 8), _WEEKDAYS)
    return lambda year, month: {*_on(year, month, days)}


def _on(year: int, month: int, weekdays: tuple[int, ...]) -> list[int]:
    """Return the days of a month that fall on weekdays; Sunday is 1 here, and 6 in Python."""
    days = range(1, _length(year, month) + 1)
    return [day for day in days if (calendar.weekday(year, month, day) + 1) % _DAYS + 1 in weekdays]


def _nearest_weekday(year: int, month: int, day: int) -> int:
    """Return the working day nearest to a day, in the same month."""
    weekday = calendar.weekday(year, month, day)
    if weekday <= _FRIDAY:
        return day
    if weekday == _SUNDAY:
        return day + 1 if day < _length(year, month) else day - 2
    return day - 1 if day > 1 else day + 2


def _length(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]
