import re
from collections.abc import Callable
from typing import Any

import pytest
from jsonata.jexception import JException

from penstock_constructs.steps.step import Step
from penstock_constructs.steps.train import train

Evaluate = Callable[..., Any]


@pytest.fixture
def step(thing: Any) -> Step:
    return train(
        name="dev-bigmart",
        image="image",
        role=thing,
        key=thing,
        metrics=["rmse"],
        volume_gb=30,
        max_runtime_seconds=3600,
        tags={"penstock:pipeline": "bigmart"},
        then="Create model",
    )


def test_metrics_are_found_in_the_log(step: Step) -> None:
    (metric,) = step.states["Train"]["Arguments"]["AlgorithmSpecification"]["MetricDefinitions"]
    found = re.search(metric["Regex"], "metric rmse=1.0437e+03;")
    assert found
    assert found[1] == "1.0437e+03"


@pytest.mark.parametrize(
    ("takes_key", "key"), [(True, {"VolumeKmsKeyId": "${KeyArn}"}), (False, {})], ids=["EBS", "own disks"]
)
def test_disks_are_encrypted_with_the_key_where_they_can_be(
    evaluate: Evaluate, step: Step, key: dict[str, str], *, takes_key: bool
) -> None:
    config = step.states["Train"]["Arguments"]["ResourceConfig"]
    variables = {"instance_types": {"train": "ml.m5.xlarge"}, "volume_keys": {"train": takes_key}}
    assert evaluate(config, **variables) == {
        "InstanceType": "ml.m5.xlarge",
        "InstanceCount": 1,
        "VolumeSizeInGB": 30,
        **key,
    }


@pytest.mark.parametrize(
    ("result", "metrics"),
    [
        (
            {"FinalMetricDataList": [{"MetricName": "rmse", "Value": 1.5}, {"MetricName": "r2", "Value": 0.5}]},
            {"rmse": 1.5, "r2": 0.5},
        ),
        ({"FinalMetricDataList": [{"MetricName": "rmse", "Value": 1.5}]}, {"rmse": 1.5}),
        ({"FinalMetricDataList": []}, {}),
        ({}, {}),
    ],
)
def test_the_last_metrics_are_assigned_by_name(
    evaluate: Evaluate, step: Step, result: dict[str, Any], metrics: dict[str, float]
) -> None:
    assert evaluate(step.states["Train"]["Assign"]["metrics"], states={"result": result}) == metrics


def test_the_model_of_a_job_that_completed_is_assigned(evaluate: Evaluate, step: Step) -> None:
    job = {"TrainingJobStatus": "Completed", "ModelArtifacts": {"S3ModelArtifacts": "s3://artefacts/model.tar.gz"}}
    assert evaluate(step.states["Train"]["Assign"]["artefact"], states={"result": job}) == "s3://artefacts/model.tar.gz"


def test_the_model_of_a_job_that_was_stopped_is_not_used(evaluate: Evaluate, step: Step) -> None:
    job = {
        "TrainingJobName": "dev-bigmart-7c1f09ab",
        "TrainingJobStatus": "Stopped",
        "SecondaryStatus": "MaxRuntimeExceeded",
        "ModelArtifacts": {"S3ModelArtifacts": "s3://artefacts/model.tar.gz"},
    }
    with pytest.raises(JException, match="dev-bigmart-7c1f09ab did not complete: MaxRuntimeExceeded"):
        evaluate(step.states["Train"]["Assign"]["artefact"], states={"result": job})


def test_the_state_outlasts_the_job(step: Step) -> None:
    state = step.states["Train"]
    assert state["TimeoutSeconds"] > state["Arguments"]["StoppingCondition"]["MaxRuntimeInSeconds"] == 3600


def test_a_job_that_failed_is_not_paid_for_again(step: Step) -> None:
    retried = step.states["Train"]["Retry"][0]["ErrorEquals"]
    assert not {"States.TaskFailed", "States.Timeout", "States.ALL"} & set(retried)


def test_a_call_that_got_no_answer_is_made_again_under_another_name(step: Step) -> None:
    retried = step.states["Train"]["Retry"][0]["ErrorEquals"]
    assert {"SageMaker.SdkClientException", "SageMaker.ResourceInUseException"} <= set(retried)
    assert "RetryCount" in step.states["Train"]["Arguments"]["TrainingJobName"]


def test_the_container_has_no_network(step: Step) -> None:
    assert step.states["Train"]["Arguments"]["EnableNetworkIsolation"] is True
