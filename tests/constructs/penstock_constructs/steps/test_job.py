from typing import Any

import pytest

from penstock_constructs.steps.job import job_permissions, run_job
from penstock_constructs.steps.step import Machine


def test_the_state_outlasts_the_job() -> None:
    assert run_job("createTrainingJob", {}, max_runtime_seconds=3600)["TimeoutSeconds"] > 3600


def test_a_job_that_failed_is_not_paid_for_again() -> None:
    (retry,) = run_job("createTrainingJob", {}, max_runtime_seconds=1)["Retry"]
    assert not {"States.TaskFailed", "States.Timeout", "States.ALL"} & set(retry["ErrorEquals"])
    assert {"SageMaker.SdkClientException", "SageMaker.ResourceInUseException"} <= set(retry["ErrorEquals"])


@pytest.mark.parametrize(
    ("kind", "call", "rule"),
    [
        ("training-job", "CreateTrainingJob", "StepFunctionsGetEventsForSageMakerTrainingJobsRule"),
        ("processing-job", "CreateProcessingJob", "StepFunctionsGetEventsForSageMakerProcessingJobsRule"),
        ("transform-job", "CreateTransformJob", "StepFunctionsGetEventsForSageMakerTransformJobsRule"),
        (
            "hyper-parameter-tuning-job",
            "CreateHyperParameterTuningJob",
            "StepFunctionsGetEventsForSageMakerTuningJobsRule",
        ),
    ],
)
def test_a_job_takes_its_calls_and_the_rule_of_its_kind(machine: Machine, kind: str, call: str, rule: str) -> None:
    jobs, events, *others = job_permissions(machine, kind, "dev-bigmart-check")
    assert f"sagemaker:{call}" in jobs["Action"]
    assert {"sagemaker:AddTags", "sagemaker:ListTags"} <= set(jobs["Action"])
    assert [_resource(item) for item in jobs["Resource"]] == [
        f"{kind}/dev-bigmart-check-????????",
        f"{kind}/dev-bigmart-check-????????-*",
    ]
    assert _resource(events["Resource"]) == f"rule/{rule}"
    assert [item["Sid"] for item in others] == ["PassRole", "Volumes"]


def _resource(arn: Any) -> str:
    return str(arn["Fn::Sub"].rpartition(":")[2])
