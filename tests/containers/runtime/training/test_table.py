from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from trainer import Train


def test_an_empty_file(train: Train) -> None:
    outcome = train({"prices.csv": ""})
    assert outcome.code == 1
    assert outcome.failure == "Put a header and rows into prices.csv: the file is empty."


def test_no_header(train: Train, data: str) -> None:
    outcome = train({"prices.csv": data.partition("\n")[2]})
    assert outcome.code == 1
    assert outcome.failure == 'Add a header line to prices.csv: its first line, "1.5,blue,115.0", is data.'


def test_a_missing_target(train: Train, data: str) -> None:
    outcome = train({"prices.csv": data}, target="Price")
    assert outcome.code == 1
    assert outcome.failure == (
        'Correct the target: prices.csv has no column "Price"; its columns are "size", "colour", "price".'
        ' Did you mean "price" by "Price"?'
    )


def test_a_missing_target_that_is_like_no_column(train: Train, data: str) -> None:
    outcome = train({"prices.csv": data}, target="cost")
    assert outcome.failure == (
        'Correct the target: prices.csv has no column "cost"; its columns are "size", "colour", "price".'
    )


def test_a_target_with_blanks_around_it(train: Train, data: str) -> None:
    outcome = train({"prices.csv": data.replace("colour,price", "colour, price")})
    assert outcome.failure.endswith(' Did you mean " price" by "price"?')


@pytest.mark.parametrize(
    ("separator", "shown", "name"), [(";", ";", "semicolons"), ("\t", "\\u0009", "tabs"), ("|", "|", "vertical bars")]
)
def test_a_file_without_commas(train: Train, data: str, separator: str, shown: str, name: str) -> None:
    outcome = train({"prices.csv": data.replace(",", separator)})
    assert outcome.code == 1
    header = f"size{shown}colour{shown}price"
    assert outcome.failure == f'Save prices.csv with commas: its header, "{header}", is separated by {name}.'


def test_a_column_name_twice(train: Train, data: str) -> None:
    outcome = train({"prices.csv": data.replace("size,colour", "size,size")})
    assert outcome.code == 1
    assert outcome.failure == 'Give each column of prices.csv a name of its own: "size" is there more than once.'


def test_a_column_without_a_name(train: Train, data: str) -> None:
    outcome = train({"prices.csv": data.replace("size,colour", ",colour")})
    assert outcome.code == 1
    assert outcome.failure == "Name column 1 of prices.csv, or remove it: its header is empty."


@pytest.mark.parametrize(("row", "cells"), [("1.5,blue", 2), ("1.5,blue,115.0,", 4)])
def test_a_ragged_row(train: Train, data: str, row: str, cells: int) -> None:
    outcome = train({"prices.csv": f"{data}{row}\n"})
    assert outcome.code == 1
    assert outcome.failure == (f"Correct prices.csv, line 202: it has {cells} cells, and the header names 3 columns.")


def test_a_file_that_is_not_utf_8(train: Train, data: str) -> None:
    outcome = train({"prices.csv": data.encode() + "1.5,bl\xe4u,115.0\n".encode("latin-1")})
    assert outcome.code == 1
    assert outcome.failure == "Save prices.csv as UTF-8: line 202 has the byte 0xE4, which is not UTF-8."


def test_a_quote_that_is_never_closed(train: Train, data: str) -> None:
    outcome = train({"prices.csv": f'{data}1.5,"blue,115.0\n2.5,red,25.0\n'})
    assert outcome.code == 1
    assert outcome.failure.startswith("Correct the quotes or commas of prices.csv, line 202:")


def test_a_line_number_counts_lines_and_not_records(train: Train, data: str) -> None:
    outcome = train({"prices.csv": data.replace(",blue,", ',"blue\nor so",', 1) + "wrong\n"})
    assert "prices.csv, line 203" in outcome.failure


def test_a_channel_without_a_csv_file(train: Train, data: str) -> None:
    outcome = train({"prices.parquet": data})
    assert outcome.code == 1
    assert outcome.failure == 'Give the train channel a .csv file: it has "prices.parquet".'


def test_a_channel_without_files(train: Train) -> None:
    outcome = train({})
    assert outcome.code == 1
    assert outcome.failure == "Give the train channel a .csv file: it has no file at all."


def test_files_with_different_columns(train: Train, data: str) -> None:
    outcome = train({"a.csv": data, "b.csv": data.replace("colour", "color")})
    assert outcome.code == 1
    assert outcome.failure == 'Give all files the same columns: b.csv and the first differ in "color", "colour".'


def test_a_row_in_a_second_file_is_named_by_that_file(train: Train, data: str) -> None:
    outcome = train({"a.csv": data, "more/b.csv": "price,colour,size\n1,red\n"})
    assert "more/b.csv, line 2" in outcome.failure


def test_bom_crlf_blank_lines_and_several_files_in_different_order_are_fine(train: Train, data: str) -> None:
    first = "\ufeff" + data.replace("\n", "\r\n") + "\r\n\r\n"
    outcome = train({"a.csv": first, "b.csv": "price,size,colour\n15.0,1.5,red\n"}, split_method="ordered")
    assert outcome.code == 0
    assert outcome.metrics["rows_train"] + outcome.metrics["rows_test"] == 201
    assert [column["name"] for column in outcome.manifest["columns"]] == ["size", "colour"]
