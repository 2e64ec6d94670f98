from __future__ import annotations

import csv
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.containers.tabular.conftest import Csv, Process, Tabular, WriteSettings

REAL = Path(__file__).parents[5] / "shared/data/bigmart/Train.csv"


def test_the_parts_have_the_columns_and_cells_as_they_came(process: Process) -> None:
    awkward = 'name,price\n"a, ""b""",1\n"two\nlines",02\nü,3.10\n,4\nNA,5\n'
    outcome = process({"a.csv": "\ufeff" + awkward}, split_method="ordered", split_test="0.4")
    assert (outcome.output / "train/train.csv").read_text() == 'name,price\n"a, ""b""",1\n"two\nlines",02\nü,3.10\n'
    assert (outcome.output / "test/test.csv").read_text() == "name,price\n,4\nNA,5\n"
    assert outcome.log == "Rows: 3 train, 0 validation, 2 test (ordered split, seed 0).\n"


def test_files_are_one_table_whatever_the_order_of_their_columns(process: Process) -> None:
    files = {"a.csv": "size,price\n1,2\n3,4\n", "b/c.csv": "price,size\n6,5\n8,7\n"}
    outcome = process(files, split_method="ordered", split_test="0.5")
    assert outcome.rows("train/train.csv") == [["size", "price"], ["1", "2"], ["3", "4"]]
    assert outcome.rows("test/test.csv") == [["size", "price"], ["5", "6"], ["7", "8"]]


def test_the_same_data_give_the_same_bytes(process: Process, prices: str) -> None:
    first, second = (process({"a.csv": prices}) for _ in range(2))
    files = [path.relative_to(first.output) for path in first.output.rglob("*") if path.is_file()]
    assert len(files) == 3
    assert all((first.output / file).read_bytes() == (second.output / file).read_bytes() for file in files)


def test_parts_in_several_files_for_several_instances(process: Process, prices: str) -> None:
    whole, parted = process({"a.csv": prices}), process({"a.csv": prices}, "--files", "3")
    names = sorted(path.name for path in (parted.output / "train").iterdir())
    assert names == ["train-0000.csv", "train-0001.csv", "train-0002.csv"]
    rows = [row for name in names for row in parted.rows(f"train/{name}")[1:]]
    assert sorted(rows) == sorted(whole.rows("train/train.csv")[1:])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("size,price\n", "Give the data rows: there is none below the header."),
        ("size,price\n1\n", "a.csv: line 2 has 1 cells, and the header 2."),
        ("price\n1\n2\n", 'The data have no column to learn from: there is "price", the target.'),
        ("size,weight\n1,2\n", 'The data have no "price"; keep what is learnt from: there is "size", "weight".'),
    ],
)
def test_data_that_are_none(process: Process, content: str, message: str) -> None:
    outcome = process({"a.csv": content})
    assert (outcome.code, outcome.message) == (1, message)


def test_settings_that_are_none(tabular: Tabular, tmp_path: Path) -> None:
    arguments = ["--data", tmp_path, "--settings", tmp_path, "--output", tmp_path]
    outcome = tabular.command(tmp_path, ["process", *arguments])
    assert outcome.message.startswith("settings.json: it is no settings file, FileNotFoundError")


def test_rows_to_predict_have_no_header_and_the_order_of_training(process: Process, tmp_path: Path) -> None:
    columns = '{"size": "number", "colour": "category"}'
    outcome = process({"a.csv": "colour,extra,size\nred,x,1\nblue,y,2\n"}, "--predict", columns=columns)
    assert outcome.code == 0, outcome.log
    assert outcome.rows("predict-0001.csv") == [["1", "red"], ["2", "blue"]]
    assert outcome.rows("../header/header.csv") == [["size", "colour"]]


def test_rows_to_predict_follow_the_training_files_without_declared_columns(process: Process, tmp_path: Path) -> None:
    training = tmp_path / "train"
    training.mkdir()
    (training / "train.csv").write_text("size,price,colour\n1,2,red\n")
    data = {"a.csv": "price,colour,size\n,red,1\n"}
    outcome = process(data, "--predict", "--columns-from", str(training))
    assert outcome.rows("predict-0001.csv") == [["1", "red"]]
    assert process(data, "--predict").rows("predict-0001.csv") == [["red", "1"]]


def test_rows_to_predict_lack_a_column(process: Process) -> None:
    outcome = process({"a.csv": "size\n1\n"}, "--predict", columns='{"colour": "category"}')
    assert outcome.message == 'Add "colour" to the rows to predict: their columns are "size".'


def test_a_row_to_predict_is_a_line(process: Process) -> None:
    outcome = process({"a.csv": 'size\n1\n"x\ny"\n'}, "--predict")
    assert outcome.message == (
        'Row 2 to predict has a line break in the cell "x\\u000ay", and a transform job reads a row a line: replace it'
        " in the data, or in process.py."
    )


def test_many_rows_to_predict_are_files_of_one_request_each(process: Process, csv_of: Csv) -> None:
    data = csv_of(["number", "text"], [(row, "x" * 1000) for row in range(11_000)])
    outcome = process({"a.csv": data}, "--predict")
    files = sorted(outcome.output.iterdir())
    assert [path.name for path in files] == [f"predict-000{number}.csv" for number in (1, 2, 3)]
    assert all(path.stat().st_size <= 5_000_000 for path in files)
    numbers = [row[0] for path in files for row in csv.reader(path.read_text().splitlines())]
    assert numbers == [str(row) for row in range(11_000)]


def test_the_programs_of_the_image(
    tabular: Tabular, tmp_path: Path, write_settings: WriteSettings, prices: str
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/a.csv").write_text(prices)
    settings = write_settings(tmp_path, {"problem": "regression", "target": "price"})
    arguments = ["--data", tmp_path / "data", "--settings", settings, "--output", tmp_path / "out"]
    assert tabular.run(tmp_path, ["check", *arguments]).code == 0
    assert tabular.run(tmp_path, ["process", *arguments]).code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["profile.json", "seen", "test", "train"]


def test_the_zip_names_its_commands(tabular: Tabular, tmp_path: Path, program: Path) -> None:
    outcome = tabular.run(tmp_path, ["python3", program, "train"])
    assert (outcome.code, outcome.log) == (2, "Name a command: check, process, score, evaluate.\n")


def test_nothing_but_the_standard_library_is_needed_to_split(
    tmp_path: Path, program: Path, write_settings: WriteSettings, prices: str
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/a.csv").write_text(prices)
    settings = write_settings(tmp_path, {"problem": "regression", "target": "price"})
    folders = [f"--data={tmp_path / 'data'}", f"--settings={settings}", f"--output={tmp_path / 'out'}"]
    subprocess.run(["/usr/bin/env", "python3", "-S", "-E", program, "process", *folders], check=True, timeout=60)
    assert (tmp_path / "out/train/train.csv").is_file()


@pytest.mark.skipif(not REAL.is_file(), reason="the real records are not there")
def test_the_real_data(process: Process) -> None:
    shares = {"split_validation": "0.1", "split_test": "0.1"}
    outcome = process({"Train.csv": REAL.read_text("utf-8")}, target="Item_Outlet_Sales", **shares)
    counts = [len(outcome.rows(f"{name}/{name}.csv")) - 1 for name in ("train", "validation", "test")]
    assert sum(counts) == 8523
    assert all(abs(count - share) < 80 for count, share in zip(counts, (6818, 852, 852), strict=True))
