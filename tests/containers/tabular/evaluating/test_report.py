from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.containers.tabular.conftest import Csv
    from tests.containers.tabular.evaluating.conftest import Evaluate


def test_the_report_is_one_small_escaped_page(evaluate: Evaluate, csv_of: Csv) -> None:
    rows = csv_of(["said", "<b>"], [("<script>", "<script>"), ("&", "<script>")] * 20)
    outcome = evaluate(rows, {"says": "said"}, champion={"says": "said"}, problem="multiclass", target="<b>")
    page = (outcome.output / "report.html").read_text()
    assert len(page) < 10_000
    assert "<script>" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;" in page
    assert "http" not in page
    assert "<td>accuracy</td><td>0.5</td><td>0.5</td><td>+0.00 %</td>" in page


def test_each_metric_has_its_own_deviation(evaluate: Evaluate, labelled: str) -> None:
    outcome = evaluate(labelled, {"says": "said"}, problem="binary", target="label")
    page = (outcome.output / "report.html").read_text()
    metrics, spread = outcome.judged["metrics"], outcome.judged["standard_deviations"]
    for name in ("accuracy", "precision", "recall", "f1"):
        assert f"<td>{name}</td><td>{metrics[name]:.6g}</td><td>{spread[name]:.6g}</td>" in page


def test_the_report_says_which_is_better_where_there_is_no_doubt(evaluate: Evaluate, priced: str) -> None:
    page = evaluate(priced, {"says": "worse"}, champion={"says": "good"}).output / "report.html"
    assert re.search("<td>rmse</td>.*<td>worse</td>", page.read_text())
    page = evaluate(priced, {"says": "good"}, champion={"says": "other"}).output / "report.html"
    assert re.search("<td>rmse</td>.*<td></td>", page.read_text())
