import csv
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[3] / "pipelines/bigmart"


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(FOLDER / "generate.py"), *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=False)


def share(rows: list[dict[str, str]], column: str, value: str = "") -> float:
    return sum(row[column] == value for row in rows) / len(rows)


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    return list(csv.DictReader(run().stdout.splitlines()))


def test_as_many_rows_as_big_mart_has(rows: list[dict[str, str]]) -> None:
    assert len(rows) == 8523


def test_an_item_is_in_an_outlet_once(rows: list[dict[str, str]]) -> None:
    assert len({(row["Item_Identifier"], row["Outlet_Identifier"]) for row in rows}) == len(rows)


def test_as_many_cells_are_empty_as_in_big_mart(rows: list[dict[str, str]]) -> None:
    empty = {column: share(rows, column) for column in rows[0] if share(rows, column)}
    assert empty == {"Item_Weight": pytest.approx(0.17, abs=0.02), "Outlet_Size": pytest.approx(0.28, abs=0.02)}


def test_five_spellings_of_two_fat_contents(rows: list[dict[str, str]]) -> None:
    shares = {value: share(rows, "Item_Fat_Content", value) for value in {row["Item_Fat_Content"] for row in rows}}
    assert shares == {
        "Low Fat": pytest.approx(0.6, abs=0.05),
        "LF": pytest.approx(0.04, abs=0.02),
        "low fat": pytest.approx(0.015, abs=0.01),
        "Regular": pytest.approx(0.34, abs=0.05),
        "reg": pytest.approx(0.015, abs=0.01),
    }


def test_sales_are_positive_and_within_the_smoke_tests_bounds(rows: list[dict[str, str]]) -> None:
    assert all(float(row["Item_Outlet_Sales"]) > 0 for row in rows)
    assert sum(float(row["Item_Outlet_Sales"]) > 14_000 for row in rows) < 5


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert run("--rows", "100", "--seed", "8").stdout == run("--rows", "100", "--seed", "8").stdout


def test_another_seed_gives_other_records() -> None:
    assert run("--rows", "100", "--seed", "8").stdout != run("--rows", "100", "--seed", "9").stdout


def test_as_many_rows_as_asked_for() -> None:
    assert len(run("--rows", "1").stdout.splitlines()) == 2


def test_a_number_of_rows_that_is_none() -> None:
    outcome = run("--rows", "0")
    assert outcome.returncode == 2
    assert "'0' is not a whole number from 1" in outcome.stderr
    assert outcome.stdout == ""
