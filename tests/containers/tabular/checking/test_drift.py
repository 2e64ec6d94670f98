from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.containers.tabular.conftest import Check, Csv, Tabular, WriteSettings

TARGET = "Item_Outlet_Sales"
# Profiles samples of a table, drawn with replacement, against the profile of the whole, in one process.
RESAMPLES = """
import csv, json, pathlib, random, shutil
from tabular.commands import main
base, size = pathlib.Path(sys.argv[1]), int(sys.argv[2])
found = []
sys.stdout, said = open("/dev/null", "w"), sys.stdout
sys.stderr = sys.stdout
with open(base / "data/whole.csv", newline="") as file:
    names, *rows = csv.reader(file)
folders = ["--settings", str(base / "settings"), "--output"]
assert main("check", ["--data", str(base / "data"), *folders, str(base / "champion")]) == 0
for seed in range(20):
    folder = base / f"resample-{seed}"
    folder.mkdir()
    with open(folder / "a.csv", "w", newline="") as file:
        csv.writer(file).writerows([names, *random.Random(seed).choices(rows, k=size)])
    arguments = ["--data", str(folder), *folders, str(folder), "--champion", str(base / "champion")]
    found.append(main("check", arguments))
print(json.dumps(found), file=said)
"""


def table(csv_of: Csv, *, shift: float = 0.0, red: float = 0.5, rows: int = 2000) -> str:
    draw = random.Random(1)  # noqa: S311 (no secret)
    lines = [
        (draw.gauss(shift, 1), draw.choices(("red", "blue"), (red, 1 - red))[0], draw.random(), f"id-{number}")
        for number in range(rows)
    ]
    return csv_of(["size", "colour", "price", "name"], lines)


def indices(profile: dict[str, Any]) -> dict[str, Any]:
    return {each["name"]: each["population_stability_index"] for each in profile["features"]}


@pytest.mark.parametrize("size", [3000, 100])
def test_resamples_of_the_same_data_never_drift(
    tabular: Tabular, tmp_path: Path, write_settings: WriteSettings, generated: str, size: int
) -> None:
    """Also where there are few rows, of which chance alone makes other distributions."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data/whole.csv").write_text(generated)
    write_settings(tmp_path, {"problem": "regression", "target": TARGET})
    assert tabular.python(tmp_path, RESAMPLES, tmp_path, str(size)) == [0] * 20


def test_a_shifted_column_drifts(check: Check, csv_of: Csv) -> None:
    champion = check({"a.csv": table(csv_of)})
    outcome = check({"a.csv": table(csv_of, shift=1.0)}, champion=champion.output)
    assert outcome.code == 1
    assert outcome.message.startswith("size: population stability index 0.9")
    assert outcome.message.endswith(
        ", at most 0.25 allowed: its values are no longer spread as in the champion's data."
    )
    assert indices(outcome.json("profile.json"))["colour"] == 0


def test_the_index_is_that_of_the_shares(check: Check, csv_of: Csv) -> None:
    champion = check({"a.csv": csv_of(["colour", "price"], [("red", 1)] * 600 + [("blue", 2)] * 400)})
    rows = [("red", 1)] * 400 + [("blue", 2)] * 600
    found = indices(check({"a.csv": csv_of(["colour", "price"], rows)}, champion.output).json("profile.json"))
    assert abs(found["colour"] - 0.2 * 2 * 0.405465) < 0.001


def test_a_category_that_is_suddenly_common_drifts(check: Check, csv_of: Csv) -> None:
    champion = check({"a.csv": table(csv_of)})
    outcome = check({"a.csv": table(csv_of, red=0.1).replace("blue", "green")}, champion.output)
    assert outcome.message.startswith("colour: population stability index ")


def test_identifiers_do_not_drift(check: Check, csv_of: Csv) -> None:
    champion = check({"a.csv": table(csv_of)})
    outcome = check({"a.csv": table(csv_of).replace("id-", "new-")}, champion.output)
    assert outcome.code == 0
    assert indices(outcome.json("profile.json"))["name"] == 0


def test_empty_cells_are_part_of_the_distribution(check: Check, csv_of: Csv) -> None:
    champion = check({"a.csv": csv_of(["size", "price"], [(row, row) for row in range(1000)])})
    rows = [("" if row % 2 else row, row) for row in range(1000)]
    outcome = check({"a.csv": csv_of(["size", "price"], rows)}, champion.output)
    assert outcome.message.startswith("size: population stability index ")


def test_the_limit_is_the_specs(check: Check, csv_of: Csv) -> None:
    champion = check({"a.csv": table(csv_of)})
    shifted = {"a.csv": table(csv_of, shift=0.4)}
    assert check(shifted, champion.output).code == 0
    assert check(shifted, champion.output, {"drift": {"maximum_psi": 0.1}}).code == 1
    assert check({"a.csv": table(csv_of, shift=2)}, champion.output, {"drift": None}).code == 0
    assert check({"a.csv": table(csv_of, shift=2)}, champion.output, {"drift": "none"}).code == 0


def test_a_column_that_always_drifts_is_left_out(check: Check, csv_of: Csv) -> None:
    """As numbers and dates do that grow with each order."""
    champion = check({"a.csv": table(csv_of)})
    exempt = {"columns": {"size": {"drift": "none"}}}
    outcome = check({"a.csv": table(csv_of, shift=2)}, champion.output, exempt)
    assert outcome.code == 0
    assert indices(outcome.json("profile.json"))["size"] > 1
    both = {"a.csv": table(csv_of, shift=2, red=0.99)}
    assert check(both, champion.output, exempt).message.startswith("colour: population stability index ")


def test_the_champions_share_of_empty_cells_is_named(check: Check, prices: str) -> None:
    champion = check({"a.csv": prices})
    outcome = check({"a.csv": prices}, champion.output, {"maximum_empty_percent": 5})
    assert outcome.message == "size: 10 % empty, at most 5 % allowed (10 % in the champion's data)."


def test_values_that_the_champion_does_not_know(check: Check, prices: str) -> None:
    champion = check({"a.csv": prices})
    rules = {"columns": {"colour": {"new_values": "refuse"}}}
    assert check({"a.csv": prices}, champion.output, rules).code == 0
    outcome = check({"a.csv": prices + "1,green,2\n"}, champion.output, rules)
    assert outcome.message == 'colour: 1 value never seen before: "green" (1 row, first at line 102).'


def test_new_values_of_a_column_with_too_many_to_know(check: Check, csv_of: Csv) -> None:
    champion = check({"a.csv": csv_of(["name", "price"], [(f"n{row}", row) for row in range(10_001)])})
    rules = {"columns": {"name": {"new_values": "refuse"}}}
    outcome = check({"a.csv": "name,price\nn1,1\n"}, champion.output, rules)
    assert "name: it has too many different values for new_values: refuse" in outcome.message


def test_a_column_that_the_champion_learnt_from_and_is_gone(check: Check, prices: str) -> None:
    champion = check({"a.csv": prices})
    outcome = check({"a.csv": "size,price\n1,2\n"}, champion.output, {"drift": None})
    assert outcome.message == 'colour: the data have no such column; the columns are "price", "size".'


@pytest.mark.parametrize("name", ["size", "colour"])
def test_a_column_that_has_become_empty(check: Check, csv_of: Csv, name: str) -> None:
    champion = check({"a.csv": csv_of(["size", "colour", "price"], [(row % 9, "red", row) for row in range(100)])})
    rows = [("" if name == "size" else row % 9, "" if name == "colour" else "red", row) for row in range(100)]
    outcome = check({"a.csv": csv_of(["size", "colour", "price"], rows)}, champion.output)
    assert outcome.message.startswith(f"{name}: population stability index ")
    assert "\n" not in outcome.message


def test_a_column_of_numbers_that_has_become_text(check: Check, prices: str) -> None:
    champion = check({"a.csv": prices})
    outcome = check({"a.csv": "size,colour,price\nL,red,2\nM,red,3\n"}, champion.output)
    assert "size: text now, numbers in the champion's data." in outcome.message.split("\n")


def test_no_profile_of_a_champion_is_no_comparison(check: Check, prices: str, tmp_path: Path) -> None:
    assert check({"a.csv": prices}, champion=tmp_path / "nowhere").code == 0


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("", "JSONDecodeError"),
        ('{"features": [1]}', "TypeError"),
        ('{"features": [{"name": "size"}]}', "KeyError: 'string_statistics'"),
        (
            '{"features": [{"name": "a", "numerical_statistics": {"common": {"num_missing": 1, "num_present": 1}}}]}',
            "KeyError: 'decile_counts'",
        ),
    ],
)
def test_a_profile_that_is_none(check: Check, prices: str, tmp_path: Path, content: str, error: str) -> None:
    (tmp_path / "profile.json").write_text(content)
    outcome = check({"a.csv": prices}, champion=tmp_path)
    assert outcome.message.startswith(f"The champion's profile.json is not a profile: {error}")
    assert "Delete it from its run's folder: " in outcome.message
    assert "Traceback" not in outcome.log


def test_drift_of_more_rows_than_are_kept(tabular: Tabular, tmp_path: Path) -> None:
    """The deciles are then of a sample, and still those of all."""
    code = """
import json
import numpy as np
from tabular.checking import sample
sample.LARGEST = 1000
kept = sample.Sample()
for first in range(0, 50_000, 700):
    kept.add({"a": np.arange(first, first + 700, dtype=float), "b": -np.arange(first, first + 700, dtype=float)})
a, b = kept.column("a"), kept.column("b")
print(json.dumps([len(a), bool((a == -b).all()), float(np.median(a))]))
"""
    rows, aligned, median = tabular.python(tmp_path, code)
    assert 400 < rows <= 1000
    assert aligned
    assert abs(median - 25_000) < 3_000
