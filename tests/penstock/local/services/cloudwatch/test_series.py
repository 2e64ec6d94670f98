from penstock.local.services.cloudwatch.series import Series

_MINUTES = 2_881


def full() -> Series:
    series = Series()
    for number in range(_MINUTES):
        series.make(number * 60).add(1.0)
    return series


def test_what_is_old_is_brought_together_by_the_hour() -> None:
    series = full()
    changed = series.compact()
    times = [time for time, _ in series.between(0, _MINUTES * 60)]
    assert len(times) == 1_440 + 25
    assert times[:3] == [0, 3_600, 7_200]
    assert {0, 60, 3_600} <= set(changed)
    samples = series.at(3_600)
    assert samples is not None
    assert samples.count == 60
    assert sum(one.count for _, one in series.between(0, _MINUTES * 60)) == _MINUTES


def test_while_there_is_room_nothing_changes() -> None:
    series = Series()
    series.make(0)
    assert series.compact() == []


def test_what_comes_late_finds_its_place() -> None:
    series = Series()
    for time in (120, 0, 60):
        series.make(time)
    assert [time for time, _ in series.between(0, 120)] == [0, 60]
    assert series.newest == 120
