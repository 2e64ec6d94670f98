from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.containers.tabular.conftest import Process

DATA = {"a.csv": "size,colour,price\n1,red,2\n,LF,4\n3.50,NA,6\n4,red,8\n"}
HALVES = {"split_method": "ordered", "split_test": "0.5"}


def test_the_script_gets_text_and_may_return_anything(process: Process) -> None:
    script = """
import pandas as pd

def process(frame: pd.DataFrame) -> pd.DataFrame:
    assert all(isinstance(cell, str) for name in frame for cell in frame[name]), frame
    assert frame.loc[1, "size"] == ""
    frame["size"] = pd.to_numeric(frame["size"])
    frame["colour"] = frame["colour"].replace({"LF": None})
    frame["double"] = frame["size"] * 2
    frame["whole"] = frame["price"].astype(int)
    return frame[frame["price"] != "8"].drop(columns="price").assign(price=lambda each: each["whole"])
"""
    outcome = process(DATA, script=script, **{**HALVES, "split_test": "0.3", "minimum_rows": "1"})
    assert outcome.code == 1
    assert "of 3 rows the ordered split puts 1 into test" in outcome.message
    outcome = process({"a.csv": DATA["a.csv"] + "5,blue,10\n"}, script=script, **HALVES)
    assert outcome.code == 0, outcome.log
    assert outcome.rows("train/train.csv") == [
        ["size", "colour", "double", "whole", "price"],
        ["1.0", "red", "2.0", "2", "2"],
        ["", "", "", "4", "4"],
    ]
    assert outcome.rows("test/test.csv")[1:] == [["3.5", "NA", "7.0", "6", "6"], ["5.0", "blue", "10.0", "10", "10"]]


def test_a_script_may_define_dataclasses(process: Process) -> None:
    script = """
from __future__ import annotations
from dataclasses import dataclass

@dataclass
class Rate:
    value: int

def process(frame):
    return frame.assign(x=Rate(2).value)
"""
    assert process(DATA, script=script, **HALVES).rows("test/test.csv")[1][-1] == "2"


def test_the_rows_are_hashed_as_the_script_returns_them(process: Process) -> None:
    script = "def process(frame):\n    return frame.assign(size='1')\n"
    same = {"a.csv": DATA["a.csv"].replace("3.50", "1").replace("4,red", "1,red").replace("\n,LF", "\n1,LF")}
    first, second = process(DATA, script=script, **HALVES), process(same, **HALVES)
    assert (first.output / "seen/seen.bin").read_bytes() == (second.output / "seen/seen.bin").read_bytes()


def test_modules_beside_the_script(process: Process, tmp_path: Path) -> None:
    (tmp_path / "beside.py").write_text("NAME = 1\n")
    (tmp_path / "process.py").write_text(
        "import beside\n\ndef process(frame):\n    return frame.assign(x=beside.NAME)\n"
    )
    outcome = process(DATA, "--code", str(tmp_path), **HALVES)
    assert outcome.rows("test/test.csv")[1][-1] == "1"


@pytest.mark.parametrize(
    ("script", "message"),
    [
        (
            "def other(frame):\n    return frame\n",
            "process.py: define `def process(frame)`: there is no such function in it.",
        ),
        (
            "def helper(frame):\n    return frame['Weight']\n\ndef process(frame):\n    return helper(frame)\n",
            "process.py, line 2: KeyError: 'Weight'",
        ),
        ("import nowhere\n", "process.py, line 1: ModuleNotFoundError: No module named 'nowhere'"),
        ("x = 1\ndef process(frame:\n    pass\n", "process.py, line 2: SyntaxError: '(' was never closed"),
        ("def process(frame):\n    pass\n", "process.py: process returned NoneType; return the pandas DataFrame."),
        (
            "def process(frame):\n    return frame[[]]\n",
            "process.py: process returned 4 rows of 0 columns: nothing is left.",
        ),
        (
            "def process(frame):\n    return frame[['size', 'size', 'price']]\n",
            'process.py: process returned more than one column named "size".',
        ),
        (
            "def process(frame):\n    return frame.drop(columns='price')\n",
            'process.py: what process returned has no "price"; keep what is learnt from: there is "size", "colour".',
        ),
        ("import sys\n\ndef process(frame):\n    sys.exit(0)\n", "process.py, line 4: SystemExit: 0"),
        ("raise SystemExit\n", "process.py, line 1: SystemExit"),
        (
            "def process(frame):\n    return frame.rename(columns={'size': ''})\n",
            "process.py: process returned a column without a name, number 1; name it.",
        ),
        (
            "def process(frame):\n    return frame.assign(size='\\ud800')\n",
            'process.py: column "size" that process returned cannot be written as text: ',
        ),
        ("def process(frame):\n    raise ValueError('\\x1b[31m')\n", "process.py, line 2: ValueError: \\u001b[31m"),
    ],
)
def test_a_script_that_fails(process: Process, script: str, message: str) -> None:
    outcome = process(DATA, script=script, **HALVES)
    assert outcome.code == 1
    assert outcome.message.startswith(message)


def test_a_script_under_the_name_of_an_asset_is_called_by_its_own(process: Process, tmp_path: Path) -> None:
    (tmp_path / "5e1d.py").write_text("def process(frame):\n    return frame['Weight']\n")
    outcome = process(DATA, "--code", str(tmp_path), **HALVES)
    assert outcome.message == "process.py, line 2: KeyError: 'Weight'"


def test_the_log_has_the_way_through_the_scripts_own_lines(process: Process) -> None:
    script = "def helper(frame):\n    return frame['Weight']\n\ndef process(frame):\n    return helper(frame)\n"
    outcome = process(DATA, script=script, **HALVES)
    assert outcome.log.index("return helper(frame)") < outcome.log.index("return frame['Weight']")
    assert "Traceback" not in outcome.log
    assert "pandas" not in outcome.log


def test_a_script_that_drops_what_is_learnt_from(process: Process) -> None:
    columns = '{"size": "number", "colour": "category"}'
    outcome = process(DATA, script="def process(frame):\n    return frame[['price']]\n", columns=columns, **HALVES)
    assert outcome.message == (
        'process.py: what process returned has no "size", "colour"; keep what is learnt from: there is "price".'
    )


def test_rows_to_predict_are_processed_too_and_stay_as_many(process: Process) -> None:
    script = "def process(frame):\n    return frame.assign(size='9')\n"
    outcome = process({"a.csv": "size,colour\n1,red\n2,blue\n"}, "--predict", script=script)
    assert outcome.rows("predict-0001.csv") == [["9", "red"], ["9", "blue"]]
    outcome = process({"a.csv": "size\n1\n2\n"}, "--predict", script="def process(frame):\n    return frame[:1]\n")
    assert outcome.message == "process.py: of 2 rows to predict process returned 1; keep each row."
