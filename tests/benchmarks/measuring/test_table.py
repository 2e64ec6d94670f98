import pytest

from benchmarks.measuring.table import Measure, Target, report

MEASURES = (Measure("time", lambda value: f"{value:.1f} s"),)
FIGURES = {"peer": {"time": [1.0, 10.0, 4.0]}, "ours": {"time": [0.5, 1.0, 1.0]}}


def test_a_ratio_is_the_median_of_those_within_a_round() -> None:
    assert Target("time", "peer", 1).ratio(FIGURES, "ours") == 0.25


def test_a_target_is_kept_at_its_limit() -> None:
    assert Target("time", "peer", 0.25).met(0.25)
    assert not Target("time", "peer", 0.25).met(0.26)
    assert not Target("time", "peer", 0.25, at_least=True).met(0.24)


def test_one_target_that_is_missed_fails_the_report() -> None:
    targets = [Target("time", "peer", 0.3), Target("time", "peer", 0.2)]
    assert report("Title", MEASURES, FIGURES, targets[:1], "ours")
    assert not report("Title", MEASURES, FIGURES, targets, "ours")


def test_the_table_has_medians_and_what_was_promised(capsys: pytest.CaptureFixture[str]) -> None:
    report("Title", MEASURES, FIGURES, [Target("time", "peer", 0.2)], "ours")
    assert capsys.readouterr().out == (
        "Title    peer    ours\n"
        "time    4.0 s   1.0 s\n"
        "\n"
        "  as a multiple     of   found   target\n"
        "✗ time            peer    0.25    ≤ 0.2\n"
        "\n"
    )
