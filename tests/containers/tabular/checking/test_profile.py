from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.containers.tabular.conftest import Check, Csv, Outcome


def feature(outcome: Outcome, name: str) -> dict[str, Any]:
    found: dict[str, Any] = {each["name"]: each for each in outcome.json("profile.json")["features"]}[name]
    return found


def test_numbers_are_described(check: Check, csv_of: Csv) -> None:
    sizes = [value**2 for value in range(50)]
    rows = [(size, 3 * size + 1) for size in sizes] + [("", 7)] * 10
    outcome = check({"a.csv": csv_of(["size", "price"], rows)})
    size = feature(outcome, "size")
    numbers = size["numerical_statistics"]
    assert outcome.code == 0
    assert size["inferred_type"] == "Integral"
    assert numbers["common"] == {"num_present": 50, "num_missing": 10}
    assert (numbers["min"], numbers["max"], numbers["sum"]) == (0, 49**2, pytest.approx(sum(sizes)))
    assert numbers["mean"] == pytest.approx(statistics.fmean(sizes))
    assert numbers["std_dev"] == pytest.approx(statistics.pstdev(sizes))
    assert size["distinct_count"] == 50
    assert size["deciles"] == [value**2 for value in (0, 4, 9, 14, 19, 24, 29, 34, 39, 44, 49)]
    assert size["correlation_with_target"] == pytest.approx(1)
    assert sum(bucket["count"] for bucket in numbers["distribution"]["kll"]["buckets"]) == 50


def test_long_numbers_that_are_near_each_other_are_described_too(check: Check) -> None:
    outcome = check({"a.csv": "size,price\n10000000000000000,1\n10000000000000002,2\n10000000000000002,3\n"})
    assert outcome.code == 0, outcome.log
    buckets = feature(outcome, "size")["numerical_statistics"]["distribution"]["kll"]["buckets"]
    assert [bucket["count"] for bucket in buckets] == [3]


def test_categories_are_counted(check: Check, prices: str) -> None:
    colour = feature(check({"a.csv": prices}), "colour")
    assert colour["inferred_type"] == "String"
    assert colour["string_statistics"] == {
        "common": {"num_present": 100, "num_missing": 0},
        "distinct_count": 2,
        "distribution": {"categorical": {"buckets": [{"value": "blue", "count": 50}, {"value": "red", "count": 50}]}},
    }


def test_the_whole_has_sagemakers_format(check: Check, prices: str) -> None:
    profile = check({"a.csv": prices}).json("profile.json")
    assert (profile["version"], profile["dataset"], profile["violations"]) == (0.0, {"item_count": 100}, [])
    assert [each["name"] for each in profile["features"]] == ["size", "colour", "price"]


def test_correlation_with_the_positive_label(check: Check, csv_of: Csv) -> None:
    rows = [(row, "yes" if row >= 50 else "no") for row in range(100)]
    outcome = check({"a.csv": csv_of(["size", "price"], rows)}, problem="binary")
    assert feature(outcome, "size")["correlation_with_target"] == pytest.approx(0.866, abs=0.001)


def test_an_empty_column_has_no_type(check: Check, csv_of: Csv) -> None:
    outcome = check({"a.csv": csv_of(["size", "price"], [("", 1), ("", 2)])})
    assert feature(outcome, "size")["inferred_type"] == "Unknown"


def test_a_column_that_is_nearly_all_numbers_is_one_of_numbers(check: Check, csv_of: Csv) -> None:
    rows = [("many" if row < 10 else row, row) for row in range(101)]
    assert feature(check({"a.csv": csv_of(["size", "price"], rows)}), "size")["inferred_type"] == "Integral"
    rows = [("many" if row < 20 else row, row) for row in range(101)]
    assert feature(check({"a.csv": csv_of(["size", "price"], rows)}), "size")["inferred_type"] == "String"


def test_the_same_data_give_the_same_bytes_in_one_file_or_several(check: Check, prices: str) -> None:
    lines = prices.splitlines(keepends=True)
    parts = {"a.csv": "".join(lines[:40]), "b.csv": lines[0] + "".join(lines[40:])}
    whole, again, split = check({"a.csv": prices}), check({"a.csv": prices}), check(parts)
    content = (whole.output / "profile.json").read_bytes()
    assert content == (again.output / "profile.json").read_bytes()
    assert [each["name"] for each in split.json("profile.json")["features"]] == ["size", "colour", "price"]
    assert feature(split, "size")["deciles"] == feature(whole, "size")["deciles"]
    assert feature(split, "size")["numerical_statistics"]["std_dev"] == pytest.approx(
        feature(whole, "size")["numerical_statistics"]["std_dev"]
    )
