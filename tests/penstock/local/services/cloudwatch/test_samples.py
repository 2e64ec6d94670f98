import math
import random

import pytest

from penstock.local.services.cloudwatch.samples import Samples, merged


def of(*values: float) -> Samples:
    samples = Samples()
    for value in values:
        samples.add(value)
    return samples


@pytest.mark.parametrize(
    ("statistic", "value"),
    [
        ("SampleCount", 10),
        ("Sum", 55),
        ("Average", 5.5),
        ("Minimum", 1),
        ("Maximum", 10),
        ("p50", 5),
        ("p90", 9),
        ("p99", 10),
        ("p99.9", 10),
        ("p100", 10),
        ("tm90", 5),  # the average without the highest
        ("tm100", 5.5),
        ("tm0", 1),
        ("wm90", 5.4),  # the average, with the highest brought down to the 90th percentile
    ],
)
def test_statistics_of_ten_values(statistic: str, value: float) -> None:
    assert of(*range(1, 11)).statistic(statistic) == value


def test_ten_million_values_take_no_more_room_than_their_spread_and_percentiles_are_one_per_cent_off_at_most() -> None:
    rng, samples = random.Random(1), Samples()  # noqa: S311
    values = [rng.lognormvariate(5, 1) for _ in range(20_000)]
    for value in values:
        samples.add(value, 500)
    assert samples.count == 10_000_000
    assert len(samples.values) < 500
    ordered = sorted(values)
    for percent in (1, 50, 90, 99, 99.9):
        exact = ordered[math.ceil(len(ordered) * percent / 100) - 1]
        assert samples.statistic(f"p{percent:g}") == pytest.approx(exact, rel=0.0101)
    assert samples.statistic("p100") == ordered[-1]


def test_zero_and_negative_values_have_bins_too() -> None:
    samples = of(0.0, *(float(value) for value in range(-200, 0)))
    assert samples.statistic("p100") == 0
    assert samples.statistic("p50") == pytest.approx(-100, rel=0.02)


def test_of_a_set_of_statistics_the_percentiles_are_not_known() -> None:
    samples = of(1, 2)
    samples.add_set(count=10, total=30, minimum=0.5, maximum=9)
    assert [samples.statistic(name) for name in ("Sum", "SampleCount", "Minimum", "Maximum", "p50")] == [
        *(33, 12, 0.5, 9),
        None,
    ]


def test_a_set_of_equal_values_is_known_to_be_that() -> None:
    samples = Samples()
    samples.add_set(count=4, total=8, minimum=2, maximum=2)
    assert samples.statistic("p50") == 2


def test_merging_keeps_sums_and_bounds_exact() -> None:
    left, right = of(*(float(value) for value in range(1, 300))), of(1000.5)
    right.add_set(count=2, total=7, minimum=3, maximum=4)
    both = merged([left, right])
    assert (both.count, both.sum) == (302, left.sum + 1007.5)
    assert (both.minimum, both.maximum, both.unknown) == (1, 1000.5, 2)


def test_a_record_brings_everything_back() -> None:
    samples = of(1, 2.5, 2.5)
    assert Samples.of_record(samples.record()) == samples


def test_nothing_has_no_average() -> None:
    assert Samples().statistic("Average") is None
    assert Samples().statistic("p50") is None
