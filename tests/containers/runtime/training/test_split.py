from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trainer import Train


def expected_by_hash(data: str, seed: int) -> int:
    """Count the rows that the documented rule holds out: the hash of seed and cells, by the columns' names in order."""
    fractions = []
    for line in data.splitlines()[1:]:
        size, colour, price = line.split(",")
        digest = hashlib.sha256("\x1f".join([str(seed), colour, price, size]).encode()).digest()
        fractions.append(int.from_bytes(digest[:8], "big") / 2**64)
    return sum(fraction < 0.3 for fraction in fractions)


def test_by_default_the_hash_of_the_row_decides(train: Train, data: str) -> None:
    outcome = train({"prices.csv": data}, split_test="0.3", split_seed="7")
    assert outcome.metrics["rows_test"] == expected_by_hash(data, 7)


def test_the_hash_of_key_columns_keeps_a_group_together(train: Train, data: str) -> None:
    outcome = train({"prices.csv": data}, split_key='["colour"]', split_test="0.5", split_seed="0")
    assert outcome.metrics["rows_test"] == 100


def test_a_random_split_holds_out_an_exact_share(train: Train, data: str) -> None:
    assert train({"prices.csv": data}, split_method="random", split_test="0.15").metrics["rows_test"] == 30


def test_an_ordered_split_holds_out_the_last_rows(train: Train, data: str) -> None:
    spoilt = data + "1.5,red,99999.0\n" * 50
    outcome = train({"prices.csv": spoilt}, split_method="ordered", split_test="0.2")
    assert outcome.metrics["rows_test"] == 50
    assert outcome.metrics["mae"] > 90_000


def test_a_part_without_rows(train: Train, data: str) -> None:
    outcome = train({"prices.csv": data}, split_method="random", split_test="0.001")
    assert outcome.code == 1
    assert outcome.failure == (
        "Provide more rows, or change split_method, _test, _key or _seed: of 200 rows the random split holds out 0,"
        " and both parts need at least 2."
    )


def test_an_unknown_key_column(train: Train, data: str) -> None:
    outcome = train({"prices.csv": data}, split_key='["id"]')
    assert outcome.code == 1
    assert outcome.failure == ('Correct split_key: "id" is no column; the columns are "size", "colour", "price".')


def test_a_key_column_in_another_case(train: Train, data: str) -> None:
    outcome = train({"prices.csv": data}, split_key='["Size"]')
    assert outcome.code == 1
    assert outcome.failure.endswith(' Did you mean "size" by "Size"?')
