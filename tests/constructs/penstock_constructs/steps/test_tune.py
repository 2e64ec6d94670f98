import re
from collections.abc import Callable
from typing import Any

import pytest
from jsonata.jexception import JException

from penstock.spec.sections.tune import Tune
from penstock_constructs.steps.step import Machine, attempt
from penstock_constructs.steps.training import Training
from penstock_constructs.steps.tune import tune, tuning_prefix

RequestOf = Callable[..., Any]
RANGES = {
    "depth": {"type": "integer", "minimum": 2, "maximum": 8, "scale": "logarithmic"},
    "rate": {"type": "continuous", "minimum": 0.01, "maximum": 0.5},
    "criterion": {"type": "categorical", "values": ("gini", "entropy")},
}
TRAINING = Training(["rmse"], 30, 3600, max_wait_seconds=7200, checkpoints=True, max_retries=1, keep_alive_seconds=60)


@pytest.fixture
def request_with(machine: Machine, request_of: RequestOf) -> RequestOf:
    def run(**search: Any) -> Any:
        asked = Tune.model_validate({"ranges": RANGES} | search)
        step = tune(machine=machine, training=TRAINING, search=asked, metric="rmse", minimise=True, then="Take lock")
        return request_of(
            step.states["Tune"],
            run="7c1f09ab",
            folder="s3://artefacts/bigmart/runs/7c1f09ab",
            image="image",
            hyperparameters={"problem": "regression", "depth": "4"},
            instance_types={"train": "ml.m5.xlarge"},
            volume_keys={"train": True},
        )

    return run


def test_every_range_is_given_in_sagemaker_s_terms(request_with: RequestOf) -> None:
    assert request_with()["HyperParameterTuningJobConfig"]["ParameterRanges"] == {
        "IntegerParameterRanges": [{"Name": "depth", "MinValue": "2", "MaxValue": "8", "ScalingType": "Logarithmic"}],
        "ContinuousParameterRanges": [{"Name": "rate", "MinValue": "0.01", "MaxValue": "0.5", "ScalingType": "Auto"}],
        "CategoricalParameterRanges": [{"Name": "criterion", "Values": ["gini", "entropy"]}],
    }


def test_what_is_searched_is_not_set_too(request_with: RequestOf) -> None:
    assert request_with()["TrainingJobDefinition"]["StaticHyperParameters"] == {"problem": "regression"}


def test_the_objective_and_the_limits_are_the_spec_s(request_with: RequestOf) -> None:
    config = request_with(strategy="random", early_stopping=True)["HyperParameterTuningJobConfig"]
    assert config["Strategy"] == "Random"
    assert config["HyperParameterTuningJobObjective"] == {"Type": "Minimize", "MetricName": "rmse"}
    assert config["ResourceLimits"] == {
        "MaxNumberOfTrainingJobs": 10,
        "MaxParallelTrainingJobs": 2,
        "MaxRuntimeInSeconds": 7200,
    }
    assert config["TrainingJobEarlyStoppingType"] == "Auto"


def test_all_of_a_grid_is_tried(request_with: RequestOf) -> None:
    ranges = {"criterion": RANGES["criterion"]}
    limits = request_with(strategy="grid", ranges=ranges)["HyperParameterTuningJobConfig"]["ResourceLimits"]
    assert "MaxNumberOfTrainingJobs" not in limits


def test_earlier_searches_are_learnt_from(request_with: RequestOf) -> None:
    warm = {"from": ("dev-bigmart-00000001",), "kind": "identical_data_and_algorithm"}
    assert request_with(warm_start=warm)["WarmStartConfig"] == {
        "ParentHyperParameterTuningJobs": [{"HyperParameterTuningJobName": "dev-bigmart-00000001"}],
        "WarmStartType": "IdenticalDataAndAlgorithm",
    }
    assert "WarmStartConfig" not in request_with()


def test_the_best_job_s_model_goes_on(machine: Machine, evaluate: Callable[..., Any]) -> None:
    asked = Tune.model_validate({"ranges": RANGES})
    states = tune(
        machine=machine, training=TRAINING, search=asked, metric="rmse", minimise=True, then="Take lock"
    ).states
    best = states["Tune"]["Assign"]["training_job"]
    result = {"HyperParameterTuningJobName": "t", "BestTrainingJob": {"TrainingJobName": "t-001-abc"}}
    assert evaluate(best, states={"result": result}) == "t-001-abc"
    with pytest.raises(JException, match="No training job of the tuning job t completed"):
        evaluate(best, states={"result": {"HyperParameterTuningJobName": "t"}})
    assert states["Describe best job"]["Assign"].keys() == {"artefact", "training_job", "training_metrics"}


@pytest.mark.parametrize("name", ["dev-bigmart", "dev-house-prices", f"{'e' * 12}-{'p' * 24}"])
def test_every_name_is_short_enough_for_a_tuning_job(evaluate: Callable[..., Any], name: str) -> None:
    context = {"Execution": {"RedriveCount": 9}, "State": {"RetryCount": 3}}
    full = evaluate(f"{{% {attempt(tuning_prefix(name))} %}}", run="7c1f09ab", states={"context": context})
    assert re.fullmatch(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,31}", full)


def test_two_long_names_do_not_become_one() -> None:
    assert tuning_prefix("dev-house-prices-north") != tuning_prefix("dev-house-prices-south")


def test_the_machine_may_look_at_the_jobs_that_tuned(machine: Machine) -> None:
    asked = Tune.model_validate({"ranges": RANGES})
    step = tune(machine=machine, training=TRAINING, search=asked, metric="rmse", minimise=True, then="Take lock")
    (statement,) = [item for item in step.statements if item["Sid"] == "BestJob"]
    resources: list[Any] = list(statement["Resource"])
    assert resources[1]["Fn::Sub"].endswith(":training-job/dev-bigmart-????????-*")
