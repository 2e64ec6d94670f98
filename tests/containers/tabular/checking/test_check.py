from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.containers.tabular.conftest import Check, Csv

REAL = Path(__file__).parents[5] / "shared/data/bigmart/Train.csv"
COLUMNS = '{"Item_Weight": "number", "Outlet_Size": "category", "Item_MRP": "number"}'


def test_the_generated_data_pass(check: Check, generated: str) -> None:
    outcome = check({"sales.csv": generated}, target="Item_Outlet_Sales", minimum_rows="1000", columns=COLUMNS)
    assert (outcome.code, outcome.message) == (0, "")
    assert outcome.log == "8,523 rows of 12 columns: nothing is wrong.\n"


@pytest.mark.skipif(not REAL.is_file(), reason="the real records are not there")
def test_the_real_data_pass(check: Check) -> None:
    outcome = check({"Train.csv": REAL.read_bytes()}, target="Item_Outlet_Sales", minimum_rows="1000")
    assert outcome.code == 0, outcome.log


def test_all_that_is_wrong_is_said_at_once(check: Check, csv_of: Csv) -> None:
    rows = [("", "red", "1"), ("x", "green", ""), ("7", "green", "2"), ("", "blue", "3")]
    rules = {
        "maximum_empty_percent": 30,
        "columns": {"colour": {"values": ["red", "blue"], "new_values": "refuse"}, "price": {"maximum": 2}},
    }
    outcome = check({"a.csv": csv_of(["size", "colour", "price"], rows)}, check=rules, minimum_rows="10")
    assert outcome.code == 1
    assert outcome.message.split("\n") == [
        "4 rows, at least 10 needed (data.minimum_rows).",
        "size: 50 % empty, at most 30 % allowed.",
        'colour: 1 value not in check.columns.colour.values: "green" (2 rows, first at line 3).',
        'price: 1 row without a target: "" (1 row, first at line 3).',
        'price: 1 row above 2: "3" (1 row, first at line 5).',
    ]
    found = [
        (each["feature_name"], each["constraint_check_type"]) for each in outcome.json("profile.json")["violations"]
    ]
    assert found == [
        ("", "minimum_rows"),
        ("size", "completeness_check"),
        ("colour", "new_values"),
        ("price", "missing_target"),
        ("price", "range"),
    ]


def test_text_among_numbers_is_named_with_its_line(check: Check, csv_of: Csv) -> None:
    rows = [(value, row) for row, value in enumerate(["1", "NaN", "2", "abc", "abc", "inf", "1_000", " ", ""])]
    outcome = check({"a.csv": csv_of(["size", "price"], rows)}, columns='{"size": "number"}')
    assert outcome.message == (
        'size: 5 cells are no finite numbers: "NaN" (1 row, first at line 3), "abc" (2 rows, first at line 5),'
        ' "inf" (1 row, first at line 7), "1_000" (1 row, first at line 8).'
    )


def test_a_column_that_is_inferred_to_be_numbers_may_be_declared_otherwise(check: Check, csv_of: Csv) -> None:
    rows = [(f"{row}" if row else "abc", row) for row in range(50)]
    outcome = check({"a.csv": csv_of(["size", "price"], rows)})
    assert outcome.message == (
        'size: 1 cell is not a finite number: "abc" (1 row, first at line 2).'
        " Leave such cells empty, or declare the column a category."
    )


def test_with_several_files_a_line_is_that_of_its_file(check: Check) -> None:
    outcome = check({"a.csv": "size,price\n1,2\n", "b.csv": "price,size\n2,\n,4\n"})
    assert outcome.message == 'price: 1 row without a target: "" (1 row, first at b.csv, line 3).'


def test_a_missing_column(check: Check, prices: str) -> None:
    outcome = check({"a.csv": prices}, columns='{"Size": "number", "weight": "number"}')
    assert outcome.message.split("\n") == [
        'Size: the data have no such column; did you mean it by "size"?',
        'weight: the data have no such column; the columns are "colour", "price", "size".',
    ]


def test_a_missing_target(check: Check, prices: str) -> None:
    outcome = check({"a.csv": prices}, target="sales")
    assert outcome.message == 'sales: the data have no such column; the columns are "colour", "price", "size".'


def test_a_problem_without_a_target_needs_none(check: Check, prices: str) -> None:
    assert check({"a.csv": prices}, problem="clustering", target="").code == 0


def test_columns_that_are_missing_are_named_together(check: Check) -> None:
    columns = '{"size": "number", "colour": "category"}'
    outcome = check({"a.csv": "7,red,2\n8,blue,3\n"}, columns=columns)
    assert 'size, colour, price: the data have no such columns; the columns are "2", "7", "red".' in outcome.message


def test_a_target_that_is_always_the_same(check: Check) -> None:
    outcome = check({"a.csv": "size,price\n1,5\n2,5\n"}, minimum_rows="1")
    assert outcome.message == "price: every row has the same target, 5: there is nothing to learn."


def test_labels_of_a_binary_problem_are_two(check: Check, prices: str) -> None:
    assert check({"a.csv": prices}, problem="binary", target="colour").code == 0
    outcome = check({"a.csv": prices.replace("blue", "red")}, problem="binary", target="colour")
    assert outcome.message == 'colour: binary is 2 labels, not "red"; correct the target or set another problem.'


@pytest.mark.parametrize(
    ("problem", "message"),
    [
        ("binary", "colour: binary is 2 labels, not none; correct the target or set another problem."),
        ("multiclass", "colour: no label is nothing to learn."),
    ],
)
def test_a_target_that_is_empty_in_every_row(check: Check, problem: str, message: str) -> None:
    outcome = check({"a.csv": "size,colour\n1,\n2,\n"}, problem=problem, target="colour")
    assert message in outcome.message.splitlines()


def test_a_limit_of_a_column_goes_before_that_of_all(check: Check, prices: str) -> None:
    rules = {"maximum_empty_percent": 5, "columns": {"size": {"maximum_empty_percent": 10}}}
    assert check({"a.csv": prices}, check=rules).code == 0


def test_ragged_rows_are_counted_and_the_rest_is_profiled(check: Check, prices: str) -> None:
    outcome = check({"a.csv": prices + "1,red\n2,red,3,4\n5,red\n"})
    assert outcome.message == (
        'a.csv: 3 columns, but "2 cells" (2 rows, first at line 102), "4 cells" (1 row, first at line 103).'
    )
    assert outcome.json("profile.json")["dataset"] == {"item_count": 100}


def test_what_is_not_utf_8_is_named_with_its_line(check: Check, prices: str) -> None:
    outcome = check({"a.csv": prices.encode() + b"1,bl\xe9u,3\n"})
    assert outcome.code == 1
    assert outcome.message == "a.csv: line 102 has the byte 0xE9, which is not UTF-8; save the file as UTF-8."
    assert outcome.json("profile.json")["violations"][0]["constraint_check_type"] == "file"


def test_an_unclosed_quote(check: Check, prices: str) -> None:
    outcome = check({"a.csv": prices + '1,"red,2\n'})
    assert outcome.message == "a.csv: line 102: correct the quotes or commas: unexpected end of data."


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "a.csv: the file is empty; put a header and rows into it."),
        ("size;price\n1;2\n", "a.csv: the header is separated by semicolons; save the file with commas."),
        ("size,size,price\n1,2,3\n", 'a.csv: more than one column is named "size"; give each a name of its own.'),
        ("size,,price\n1,2,3\n", "a.csv: column 2 has no name; name it or remove it."),
        ("1,2\n3,4\n", 'a.csv: the first line, "1,2", is data; add a header line.'),
    ],
)
def test_a_header_that_is_none(check: Check, content: str, message: str) -> None:
    outcome = check({"a.csv": content})
    assert message in outcome.message.split("\n")


def test_files_with_other_columns(check: Check, prices: str) -> None:
    outcome = check({"a.csv": prices, "b.csv": "size,weight,price\n1,2,3\n"})
    assert outcome.message == 'b.csv: its columns and those of the first file differ in "colour", "weight".'


def test_no_file_at_all(check: Check) -> None:
    outcome = check({"data.parquet": "x"})
    assert (outcome.code, outcome.message) == (1, 'Give data a .csv file: it has "data.parquet".')


def test_a_long_message_ends_at_a_line(check: Check, csv_of: Csv) -> None:
    names = [f"column_{number}" for number in range(100)]
    outcome = check({"a.csv": csv_of([*names, "price"], [[""] * 100 + ["1"]])}, check={"maximum_empty_percent": 0})
    lines = outcome.message.split("\n")
    assert len(outcome.message) <= 1024
    assert lines[-1] == f"… and {100 - (len(lines) - 1)} more; the log has all of them."
    assert outcome.log.count(": 100 % empty, at most 0 % allowed.") == 100


def test_minimum_of_a_column_of_text(check: Check, prices: str) -> None:
    outcome = check({"a.csv": prices}, check={"columns": {"colour": {"minimum": 1}}})
    assert outcome.message == "colour: minimum and maximum are for numbers, and this is text."
