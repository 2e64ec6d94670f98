from pathlib import Path

import pytest

from penstock.run import batch
from penstock.run.data import Data
from penstock.spec.sections.data import Data as Columns


@pytest.fixture(autouse=True)
def stored(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What is in the folder of the predictions."""
    files: dict[str, str] = {}

    class Artefacts:
        def __init__(self, _s3: None, folder: str) -> None:
            assert folder == "s3://b/predictions/"

        def names(self, _prefix: str) -> list[str]:
            return sorted(files)

        def text(self, name: str) -> str:
            return files[name]

    monkeypatch.setattr(batch, "Artefacts", Artefacts)
    return files


def table(path: Path, rows: str) -> list[str]:
    path.write_text(rows)
    return batch.table(None, "s3://b/predictions/", Data(path, generated=False), Columns(target="Sales"))


def test_the_first_rows_stand_beside_their_predictions(tmp_path: Path, stored: dict[str, str]) -> None:
    stored |= {"predict-0000.csv.out": "Low,1.5,10.0\nHigh,2,20.5\n", "predict-0001.csv.out": "Low,3,30\n", "x": "1"}
    lines = table(tmp_path / "rows.csv", "Fat,Weight\nLow,1.5\nHigh,2\nLow,3\n")
    assert [line.split() for line in lines] == [
        ["Predictions", "predicted"],
        ["Low", "10.0"],
        ["High", "20.5"],
        ["Low", "30.0"],
        ["All", "of", "them:", "s3://b/predictions/"],
    ]


def test_true_values_are_shown_where_the_rows_have_them(tmp_path: Path, stored: dict[str, str]) -> None:
    stored["p.csv.out"] = "Low,9\n"
    assert table(tmp_path / "rows.csv", "Fat,Sales\nLow,8\n")[1].split() == ["Low", "8.0", "9.0"]


def test_a_difference_in_number_is_said(tmp_path: Path) -> None:
    assert table(tmp_path / "rows.csv", "Fat\nLow\n") == [
        "  s3://b/predictions/ has 0 predictions for the first 1 rows."
    ]
