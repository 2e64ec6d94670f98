import re
from collections.abc import Callable
from typing import Any

import pytest
from jsonata.jexception import JException

from penstock_constructs.steps.training import TRAINED, Training

Evaluate = Callable[..., Any]


def test_metrics_are_found_in_the_log() -> None:
    (metric,) = Training(["rmse"], 30, 3600).request()["AlgorithmSpecification"]["MetricDefinitions"]
    found = re.search(metric["Regex"], "metric rmse=1.0437e+03;")
    assert found
    assert found[1] == "1.0437e+03"


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
    evaluate: Evaluate, result: dict[str, Any], metrics: dict[str, float]
) -> None:
    assert evaluate(TRAINED["training_metrics"], states={"result": result}) == metrics


def test_the_model_of_a_job_that_completed_is_assigned(evaluate: Evaluate) -> None:
    job = {"TrainingJobStatus": "Completed", "ModelArtifacts": {"S3ModelArtifacts": "s3://artefacts/model.tar.gz"}}
    assert evaluate(TRAINED["artefact"], states={"result": job}) == "s3://artefacts/model.tar.gz"


def test_the_model_of_a_job_that_was_stopped_is_not_used(evaluate: Evaluate) -> None:
    job = {
        "TrainingJobName": "dev-bigmart-7c1f09ab",
        "TrainingJobStatus": "Stopped",
        "SecondaryStatus": "MaxRuntimeExceeded",
        "ModelArtifacts": {"S3ModelArtifacts": "s3://artefacts/model.tar.gz"},
    }
    with pytest.raises(JException, match="dev-bigmart-7c1f09ab did not complete: MaxRuntimeExceeded"):
        evaluate(TRAINED["artefact"], states={"result": job})


@pytest.mark.parametrize(("validation", "channels"), [(True, ["train", "validation"]), (False, ["train"])])
def test_the_validation_rows_are_a_channel_if_there_are_any(channels: list[str], *, validation: bool) -> None:
    request = Training([], 30, 3600, validation=validation).request()
    assert [channel["ChannelName"] for channel in request["InputDataConfig"]] == channels


def test_only_the_training_rows_are_shared_out_among_instances() -> None:
    channels = Training([], 30, 3600, instance_count=2, sharded=True).request()["InputDataConfig"]
    assert [channel["DataSource"]["S3DataSource"]["S3DataDistributionType"] for channel in channels] == [
        "ShardedByS3Key",
        "FullyReplicated",
    ]


def test_spare_capacity_is_waited_for() -> None:
    training = Training([], 30, 3600, max_wait_seconds=7200)
    assert training.request()["EnableManagedSpotTraining"] is True
    assert training.request()["StoppingCondition"] == {"MaxRuntimeInSeconds": 3600, "MaxWaitTimeInSeconds": 7200}
    assert training.longest_seconds == 7200


def test_jobs_that_tune_share_no_checkpoints_and_keep_nothing_warm() -> None:
    request = Training([], 30, 3600, checkpoints=True, keep_alive_seconds=600).request()
    assert "CheckpointConfig" not in request
    assert "KeepAlive" not in request["ResourceConfig"]
