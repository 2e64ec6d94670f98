from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.containers.tabular.conftest import Tabular
    from tests.containers.tabular.evaluating.conftest import Evaluate

BINARY: dict[str, Any] = {"problem": "binary", "target": "label"}
SAYS: dict[str, Any] = {"says": "said", "scores": "score", "labels": ["no", "yes"]}


def test_a_worse_challenger(evaluate: Evaluate, priced: str) -> None:
    outcome = evaluate(priced, {"says": "worse"}, "--champion-run", "7c1f09ab", champion={"says": "good"})
    found = outcome.judged
    assert found["champion"]["run"] == "7c1f09ab"
    assert found["champion"]["rows"] == 200
    rmse = found["comparison"]["rmse"]
    assert rmse["champion"] == found["champion"]["metrics"]["rmse"]
    assert rmse["challenger"] == found["metrics"]["rmse"]
    assert rmse["worse_percent"] == pytest.approx(100)
    assert rmse["lower"] == pytest.approx(100)
    assert rmse["upper"] == pytest.approx(100)
    assert (rmse["confidence"], rmse["resamples"], rmse["rows"]) == (0.95, 1000, 200)
    assert found["comparison"]["r2"]["worse_percent"] > 0
    assert found["not_compared"] == ""


def test_a_better_challenger_is_worse_by_less_than_nothing(evaluate: Evaluate, priced: str) -> None:
    found = evaluate(priced, {"says": "good"}, champion={"says": "worse"}).judged
    assert found["comparison"]["rmse"]["upper"] == pytest.approx(-50)
    assert found["comparison"]["r2"]["upper"] < 0


def test_models_that_differ_by_chance_alone_have_an_interval_around_nothing(evaluate: Evaluate, priced: str) -> None:
    wide = evaluate(priced, {"says": "good"}, champion={"says": "other"}).judged["comparison"]["rmse"]
    assert wide["lower"] < 0 < wide["upper"]
    narrow = evaluate(
        priced, {"says": "good"}, champion={"says": "other"}, evaluate={"confidence": 0.5, "resamples": 200}
    )
    half = narrow.judged["comparison"]["rmse"]
    assert (half["confidence"], half["resamples"]) == (0.5, 200)
    assert wide["lower"] < half["lower"] < half["upper"] < wide["upper"]


@pytest.mark.parametrize("problem", ["regression", "binary"])
def test_the_same_predictions_are_exactly_as_good(evaluate: Evaluate, priced: str, labelled: str, problem: str) -> None:
    if problem == "regression":
        found = evaluate(priced, {"says": "good"}, champion={"says": "good"}).judged
    else:
        found = evaluate(labelled, SAYS, champion=SAYS, **BINARY).judged
    assert {(each["worse_percent"], each["lower"], each["upper"]) for each in found["comparison"].values()} == {
        (0.0, 0.0, 0.0)
    }


def test_rows_that_a_model_learnt_from_are_not_compared(
    evaluate: Evaluate, priced: str, tabular: Tabular, tmp_path: Path
) -> None:
    write = """
import pathlib
from tabular.rowhash import row_hashes, write_seen
from tabular.table import read_table
folder = pathlib.Path(sys.argv[1])
hashes = row_hashes(read_table(folder))
write_seen(folder / "champion", hashes[:100])
write_seen(folder / "own", hashes[60:150])
write_seen(folder / "most", hashes[:180])
print("0")
"""
    (tmp_path / "rows.csv").write_text(priced)
    tabular.python(tmp_path, write, tmp_path)
    good, other = {"says": "good"}, {"says": "other"}
    found = evaluate(priced, good, "--champion-seen", tmp_path / "champion", champion=other).judged
    assert (found["rows"], found["champion"]["rows"], found["comparison"]["mae"]["rows"]) == (200, 100, 100)
    assert found["comparison"]["mae"]["challenger"] != found["metrics"]["mae"]
    both = ("--champion-seen", tmp_path / "champion", "--seen", tmp_path / "own")
    outcome = evaluate(priced, good, *both, champion=other)
    assert outcome.judged["champion"]["rows"] == 50
    page = (outcome.output / "report.html").read_text()
    assert "<td>Rows learnt from, and validated with</td><td>90</td>" in page
    few = evaluate(priced, good, "--champion-seen", tmp_path / "most", champion=other).judged
    assert few["comparison"] is None
    assert few["not_compared"] == "only 20 test rows new to both models, and a comparison takes 30"


def test_a_champion_that_has_learnt_from_who_knows_which_rows(evaluate: Evaluate, priced: str, tmp_path: Path) -> None:
    found = evaluate(priced, {"says": "good"}, "--champion-seen", tmp_path, champion={"says": "other"}).judged
    assert (found["champion"], found["comparison"]) == (None, None)
    assert found["not_compared"].startswith("it is not known which rows the champion learnt from; deploy one model")


def test_a_champion_that_was_scored_elsewhere(evaluate: Evaluate, priced: str, labelled: str) -> None:
    scored = evaluate(priced, {"says": "worse"}, command="score")
    assert scored.rows("predictions.csv")[0] == [priced.splitlines()[1].split(",")[2]]
    found = evaluate(priced, {"says": "good"}, "--champion-predictions", scored.output).judged
    assert found["comparison"]["rmse"]["worse_percent"] == pytest.approx(-50)
    scored = evaluate(labelled, SAYS, command="score", **BINARY)
    assert len(scored.rows("predictions.csv")[0]) == 2
    found = evaluate(labelled, SAYS, "--champion-predictions", scored.output, **BINARY).judged
    assert found["comparison"]["auc"]["worse_percent"] == 0


def test_a_champion_that_gets_nothing_right_is_beaten(evaluate: Evaluate, labelled: str) -> None:
    found = evaluate(labelled, SAYS, champion={"says": "never"}, **BINARY).judged["comparison"]["f1"]
    assert (found["worse_percent"], found["upper"]) == (-100, -100)
    found = evaluate(labelled, {"says": "never"}, champion=SAYS, **BINARY).judged["comparison"]["f1"]
    assert (found["lower"], found["upper"]) == (pytest.approx(100), pytest.approx(100))


def test_a_champion_whose_archive_is_cut_off(evaluate: Evaluate, priced: str, tmp_path: Path) -> None:
    whole = evaluate(priced, {"says": "good"}).base / "model/model.tar.gz"
    (tmp_path / "cut").mkdir()
    (tmp_path / "cut/model.tar.gz").write_bytes(whole.read_bytes()[:-20])
    found = evaluate(priced, {"says": "good"}, "--champion-model", tmp_path / "cut").judged
    assert found["not_compared"].startswith("The champion cannot be unpacked from model.tar.gz: ")


def test_a_champion_that_was_scored_on_other_rows(evaluate: Evaluate, priced: str) -> None:
    scored = evaluate("".join(priced.splitlines(keepends=True)[:101]), {"says": "good"}, command="score")
    found = evaluate(priced, {"says": "good"}, "--champion-predictions", scored.output).judged
    assert found["not_compared"] == (
        "the champion could not be scored: it has 100 predictions for 200 rows;"
        " deploy one model without gate.versus_champion"
    )


@pytest.mark.parametrize(
    ("champion", "reason"),
    [
        (
            {"exit": 3},
            "the champion could not be scored: The champion cannot be served: `serve` ended with exit code 3",
        ),
        ({"says": "good", "status": 500}, 'the champion could not be scored: The champion answered 500: {"error"'),
    ],
)
def test_a_champion_that_cannot_be_scored_is_not_compared(
    evaluate: Evaluate, priced: str, champion: dict[str, Any], reason: str
) -> None:
    found = evaluate(priced, {"says": "good"}, champion=champion).judged
    assert found["not_compared"].startswith(reason)
    assert found["not_compared"].endswith("; deploy one model without gate.versus_champion")
    assert found["comparison"] is None


def test_the_same_models_give_the_same_bytes(evaluate: Evaluate, priced: str) -> None:
    first, second = (evaluate(priced, {"says": "good"}, champion={"says": "other"}) for _ in range(2))
    for name in ("evaluation.json", "report.html"):
        assert (first.output / name).read_bytes() == (second.output / name).read_bytes()
