from __future__ import annotations

import hashlib
import struct
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.containers.tabular.conftest import Csv, Outcome, Process

PARTS = ("train", "validation", "test")
SHARES = {"split_validation": "0.2", "split_test": "0.1"}


def part(outcome: Outcome, name: str) -> list[list[str]]:
    path = outcome.output / name / f"{name}.csv"
    return outcome.rows(f"{name}/{name}.csv")[1:] if path.exists() else []


def numbers(outcome: Outcome) -> dict[str, list[int]]:
    return {name: [int(row[0]) for row in part(outcome, name)] for name in PARTS}


@pytest.fixture
def rows(csv_of: Csv) -> str:
    return csv_of(["number", "shop", "price"], [(row, f"shop {row // 10}", row % 7) for row in range(200)])


def documented_part(seed: int, cells: list[str]) -> str:
    digest = hashlib.sha256("\x1f".join([str(seed), *cells]).encode()).digest()
    fraction = int.from_bytes(digest[:8], "big") / 2**64
    return "test" if fraction < 0.1 else "validation" if fraction < 0.1 + 0.2 else "train"


def test_the_hash_of_a_row_decides_by_default(process: Process, rows: str) -> None:
    outcome = process({"a.csv": rows}, **SHARES, split_seed="7")
    expected: dict[str, list[int]] = {name: [] for name in PARTS}
    for line in rows.splitlines()[1:]:
        number, shop, price = line.split(",")
        expected[documented_part(7, [number, price, shop])].append(int(number))
    assert outcome.code == 0, outcome.log
    assert numbers(outcome) == expected


def test_a_row_stays_in_its_part_however_the_data_grow_or_are_sorted(process: Process, rows: str) -> None:
    names, *lines = rows.splitlines()
    before = numbers(process({"a.csv": rows}, **SHARES))
    turned = "\n".join([names, "900,new,1", *lines[::-1]])
    after = numbers(process({"b.csv": turned}, **SHARES))
    assert all(set(before[name]) == set(after[name]) - {900} for name in PARTS)


def test_another_seed_makes_other_parts(process: Process, rows: str) -> None:
    first, second = (process({"a.csv": rows}, **SHARES, split_seed=seed) for seed in ("1", "2"))
    assert numbers(first) != numbers(second)


def test_the_hash_of_key_columns_keeps_groups_together(process: Process, rows: str) -> None:
    outcome = process({"a.csv": rows}, **SHARES, split_key='["shop"]')
    shops = [{row[1] for row in part(outcome, name)} for name in PARTS]
    assert sum(map(len, shops)) == len(set.union(*shops)) == 20


@pytest.mark.parametrize("method", ["hash", "random", "ordered"])
@pytest.mark.parametrize(("validation", "test"), [("0", "0.3"), ("0", "0.2"), ("0.1", "0.1"), ("0.15", "0.3")])
def test_shares(process: Process, csv_of: Csv, method: str, validation: str, test: str) -> None:
    data = csv_of(["number", "price"], [(row, row % 7) for row in range(1000)])
    outcome = process({"a.csv": data}, split_method=method, split_validation=validation, split_test=test)
    found = numbers(outcome)
    assert sorted(number for name in PARTS for number in found[name]) == list(range(1000))
    allowed = 40 if method == "hash" else 0
    assert abs(len(found["test"]) - 1000 * float(test)) <= allowed
    assert abs(len(found["validation"]) - 1000 * float(validation)) <= allowed
    assert (outcome.output / "validation").exists() == (validation != "0")


def test_a_random_split_is_drawn_by_the_seed(process: Process, rows: str) -> None:
    first, again, other = (
        numbers(process({"a.csv": rows}, **SHARES, split_method="random", split_seed=seed)) for seed in ("1", "1", "2")
    )
    assert first == again
    assert first["test"] != other["test"]
    assert [len(first[name]) for name in PARTS] == [140, 40, 20]


def test_an_ordered_split_tests_on_the_last_rows(process: Process, rows: str) -> None:
    found = numbers(process({"a.csv": rows}, **SHARES, split_method="ordered"))
    assert found == {
        "train": list(range(140)),
        "validation": list(range(140, 180)),
        "test": list(range(180, 200)),
    }


def test_the_rows_that_are_learnt_from_are_remembered_by_hash(process: Process, rows: str) -> None:
    outcome = process({"a.csv": rows}, **SHARES)
    hashes = []
    for number, shop, price in part(outcome, "train") + part(outcome, "validation"):
        digest = hashlib.sha256("\x1f".join([number, price, shop]).encode()).digest()
        hashes.append(struct.unpack("<Q", digest[:8])[0])
    content = (outcome.output / "seen/seen.bin").read_bytes()
    assert list(struct.unpack(f"<{len(hashes)}Q", content)) == sorted(hashes)


def test_the_hash_of_a_row_does_not_depend_on_the_order_of_columns(process: Process, rows: str) -> None:
    turned = "\n".join(",".join(line.split(",")[::-1]) for line in rows.splitlines())
    first, second = (process({"a.csv": data}, **SHARES) for data in (rows, turned))
    assert (first.output / "seen/seen.bin").read_bytes() == (second.output / "seen/seen.bin").read_bytes()


def test_a_part_without_rows(process: Process) -> None:
    outcome = process({"a.csv": "number,price\n1,2\n3,4\n"}, split_method="ordered", split_test="0.5")
    assert outcome.code == 1
    assert outcome.message == (
        "Provide more rows, or change data.split: of 2 rows the ordered split puts 1 into train,"
        " and each part needs at least 2."
    )


def test_rows_that_are_all_the_same(process: Process) -> None:
    outcome = process({"a.csv": "number,price\n" + "1,2\n" * 100}, **SHARES)
    assert outcome.code == 1
    assert outcome.message.startswith("Provide more rows, or change data.split: of 100 rows the hash split puts ")
    assert outcome.message.endswith(" Rows with the same key stay together.")


def test_a_key_that_is_no_column(process: Process, rows: str) -> None:
    outcome = process({"a.csv": rows}, split_key='["id"]')
    assert outcome.message == ('Correct data.split.key: "id" is no column; the columns are "number", "shop", "price".')


def test_shares_that_leave_nothing(process: Process, rows: str) -> None:
    outcome = process({"a.csv": rows}, split_validation="0.5", split_test="0.5", split_seed="one")
    assert outcome.message == (
        'Correct the hyperparameters: split_seed is "one"; allowed: a whole number from 0;'
        " split_validation and split_test leave no row to train on: together they are below 1."
    )
