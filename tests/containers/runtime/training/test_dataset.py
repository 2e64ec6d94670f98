from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from trainer import Train


def test_fewer_rows_than_the_minimum(train: Train, data: str) -> None:
    outcome = train({"prices.csv": data}, minimum_rows="1000")
    assert outcome.code == 1
    assert outcome.failure == "Provide at least 1,000 rows (minimum_rows): the data have 200."


def test_a_header_and_no_rows(train: Train) -> None:
    outcome = train({"prices.csv": "size,colour,price\n"})
    assert outcome.code == 1
    assert outcome.failure == "Provide at least 100 rows (minimum_rows): the data have 0."


@pytest.mark.parametrize("value", ["large", "inf", "NaN", "1_000", "1e39"])
def test_text_in_a_number_column(train: Train, data: str, value: str) -> None:
    declared = '{"size": "number", "colour": "category"}'
    outcome = train({"prices.csv": f"{data}{value},red,1.0\n"}, columns=declared)
    assert outcome.code == 1
    assert outcome.failure == (
        'Correct "size" at prices.csv, line 202, leave the cell empty, or declare the column a category:'
        f' "{value}" is not a finite number. Cells like this in the column: 1.'
    )


def test_some_text_among_numbers_is_a_mistake_also_where_nothing_is_declared(train: Train, data: str) -> None:
    outcome = train({"prices.csv": f"{data}large,red,1.0\n"})
    assert outcome.code == 1
    assert outcome.failure.startswith('Correct "size" at prices.csv, line 202,')


def test_more_wrong_cells_are_counted(train: Train, data: str) -> None:
    outcome = train({"prices.csv": f"{data}big,red,1.0\nhuge,red,1.0\n"})
    assert outcome.failure.endswith('"big" is not a finite number. Cells like this in the column: 2.')


@pytest.mark.parametrize("value", ["", " "])
def test_an_empty_target(train: Train, data: str, value: str) -> None:
    outcome = train({"prices.csv": f"{data}1.5,red,{value}\n"})
    assert outcome.code == 1
    assert outcome.failure == 'Fill in the target "price" at prices.csv, line 202, or remove the row. Rows without: 1.'


def test_text_in_the_target_of_a_regression(train: Train, data: str) -> None:
    outcome = train({"prices.csv": f"{data}1.5,red,dear\n"})
    assert outcome.code == 1
    assert outcome.failure.startswith(
        'Correct "price" at prices.csv, line 202, or set problem to binary or multiclass: "dear" is not'
    )


def test_a_declared_column_that_is_missing(train: Train, data: str) -> None:
    outcome = train({"prices.csv": data}, columns='{"size": "number", "shape": "category"}')
    assert outcome.code == 1
    assert outcome.failure == (
        'Add "shape" to the data, or take it out of `columns`: the columns are "size", "colour", "price".'
    )


def test_a_declared_column_in_another_case_or_with_blanks(train: Train, data: str) -> None:
    outcome = train(
        {"prices.csv": data.replace("size,colour", "Size, colour")}, columns='{"size": "number", "colour": "category"}'
    )
    assert outcome.code == 1
    assert outcome.failure.endswith(' Did you mean "Size" by "size"? Did you mean " colour" by "colour"?')


def test_a_target_alone(train: Train) -> None:
    outcome = train({"prices.csv": "price\n" + "1\n" * 100})
    assert outcome.code == 1
    assert outcome.failure == 'Add columns to learn from: the only one is the target, "price".'


def test_a_column_of_numbers_and_much_text_is_a_category(train: Train, data: str) -> None:
    outcome = train({"prices.csv": data + "XL,red,1.0\n" * 60})
    assert outcome.code == 0
    assert outcome.manifest["columns"][0] == {"name": "size", "kind": "category"}


def test_declared_columns_are_learnt_from_in_their_order_and_others_are_not(train: Train, data: str) -> None:
    more = "\n".join(f"{line},{line}" for line in data.replace("size,colour,price", "a,b,c").splitlines())
    outcome = train(
        {"x.csv": more.replace("a,b,c,a,b,c", "a,b,c,d,e,price")}, columns='{"e": "category", "a": "number"}'
    )
    assert outcome.code == 0
    assert [column["name"] for column in outcome.manifest["columns"]] == ["e", "a"]


def test_a_column_without_any_value(train: Train, data: str) -> None:
    hollow = data.replace("size,colour,price", "size,colour,price,weight").replace("0\n", "0,\n")
    outcome = train({"prices.csv": hollow}, columns='{"size": "number", "weight": "number"}')
    assert outcome.code == 0
