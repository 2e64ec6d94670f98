from typing import Any

import pytest

PROFILE = {
    "dataset": {"item_count": 8523},
    "features": [
        {"name": "Fat", "population_stability_index": 0.021},
        {"name": "Weight", "population_stability_index": 0.114},
        {"name": "Sales", "population_stability_index": None},
    ],
}
JOB = {"FinalHyperParameterTuningJobObjectiveMetric": {"MetricName": "rmse", "Value": 1043.72}}


def test_prepare_says_where_the_data_are(describe: Any) -> None:
    shown = describe("Prepare", {}, data="s3://bucket/p/runs/1/input/", known=False)
    assert shown.words == "data pinned at p/runs/1/input/"


def test_prepare_of_a_known_model_says_which(describe: Any) -> None:
    shown = describe("Prepare", {}, known=True, generation=4, model_run="7c1f09ab")
    assert shown.words == "generation 4, of run 7c1f09ab"


def test_checked_data_show_their_size_and_the_largest_drift(describe: Any) -> None:
    shown = describe("Check data", {}, stored={"profile/profile.json": PROFILE})
    assert shown.words == "8 523 rows · 3 columns · drift at most 0.11, in Weight"


def test_without_a_champion_there_is_no_drift(describe: Any) -> None:
    features = [{"name": "Fat"}]
    shown = describe("Check data", {}, stored={"profile/profile.json": PROFILE | {"features": features}})
    assert shown.words == "8 523 rows · 1 column"


def test_without_a_profile_nothing_is_shown(describe: Any) -> None:
    assert describe("Check data", {}).words == ""


@pytest.mark.parametrize(
    ("output", "shown"), [({"ExitMessage": "Rows: 7,687 train, 836 test.\nmore"}, "7,687 train, 836 test"), ({}, "")]
)
def test_a_processing_job_shows_what_its_program_says(describe: Any, output: dict[str, str], shown: str) -> None:
    assert describe("Process", output).words == shown


@pytest.mark.parametrize(
    ("metrics", "shown"),
    [
        (
            {"rmse": 1043.72, "mae": 7, "rows_train": 7671, "rows_test": 852},
            "7 671 rows · rmse 1 043.7 (852 held out)",
        ),
        ({"accuracy": 0.91234}, "accuracy 0.912"),
        ({"rows_train": 10}, "10 rows"),
        ({}, ""),
    ],
)
def test_training_shows_its_rows_and_its_first_metric(describe: Any, metrics: dict[str, float], shown: str) -> None:
    assert describe("Train", {}, training_metrics=metrics).words == shown


def test_tuning_shows_the_best_job(describe: Any) -> None:
    best = JOB | {"TunedHyperParameters": {"max_depth": "7", "eta": "0.1"}}
    output = {"BestTrainingJob": best, "TrainingJobStatusCounters": {"Completed": 10}}
    assert describe("Tune", output).words == "best of 10 jobs: rmse 1 043.7 · eta 0.1, max_depth 7"


def test_tuning_without_a_best_job_shows_nothing(describe: Any) -> None:
    assert describe("Tune", {}).words == ""
