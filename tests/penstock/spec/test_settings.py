from pathlib import Path

from penstock.spec import load_project
from penstock.spec.settings import settings

FILE = "pipelines/bigmart/pipeline.yaml"


def test_defaults_are_what_the_programs_go_by(project: Path) -> None:
    path = project / FILE
    path.write_text(path.read_text().replace("gate: {metric: rmse, at_most: 1300}\n", ""))

    assert settings(load_project(project).pipelines["bigmart"]) == {
        "check": {"maximum_empty_percent": 100, "drift": {"maximum_psi": 0.25}, "columns": {}},
        "evaluate": {"confidence": 0.95, "resamples": 1000, "positive_rate": None},
        "gate": None,
    }


def test_columns_have_only_what_is_asked_of_them(project: Path) -> None:
    path = project / FILE
    path.write_text(
        path.read_text() + "check:\n  drift: none\n  columns:\n    Weight: {minimum: 0, maximum_empty_percent: 20.5}\n"
        "    Fat: {values: [Low, 7, true]}\n    Sales: {drift: none}\n"
    )

    assert settings(load_project(project).pipelines["bigmart"])["check"] == {
        "maximum_empty_percent": 100,
        "drift": None,
        "columns": {
            "Weight": {"minimum": 0, "maximum_empty_percent": 20.5},
            "Fat": {"values": ["Low", "7", "true"], "new_values": "refuse"},
            "Sales": {"drift": "none"},
        },
    }


def test_gate_compares_with_the_champion_where_it_should(project: Path) -> None:
    path = project / FILE
    path.write_text(path.read_text().replace("at_most: 1300", "versus_champion: {no_worse_than_percent: 2}"))

    assert settings(load_project(project).pipelines["bigmart"])["gate"] == {
        "metric": "rmse",
        "at_most": None,
        "at_least": None,
        "versus_champion": {"no_worse_than_percent": 2},
    }
