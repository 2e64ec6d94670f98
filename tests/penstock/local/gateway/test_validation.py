from typing import Any

import pytest
from moto.core.utils import get_service_model

from penstock.local.gateway import validation
from penstock.local.gateway.requests import Call
from penstock.local.service import AwsError

JOB = {
    "TrainingJobName": "dev-bigmart-1",
    "AlgorithmSpecification": {"TrainingImage": "dev-forest:1", "TrainingInputMode": "File"},
    "RoleArn": "arn:aws:iam::123456789012:role/dev-bigmart-execution",
    "OutputDataConfig": {"S3OutputPath": "s3://bucket/runs/1/output/"},
    "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
    "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
}


def call(operation: str, parameters: Any, service: str = "sagemaker") -> Call:
    model = get_service_model(service).operation_model(operation)
    return Call(service, model, parameters, None, "json")


def refusal(operation: str, parameters: Any, service: str = "sagemaker") -> str:
    with pytest.raises(AwsError) as refused:
        validation.check(call(operation, parameters, service))
    assert refused.value.code == "ValidationException"
    return refused.value.message


def test_a_valid_request_passes() -> None:
    validation.check(call("CreateTrainingJob", JOB))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"RoleArn": None}, "Value null at 'roleArn' failed to satisfy constraint: Member must not be null"),
        (
            {"TrainingJobName": "-x"},
            "Value '-x' at 'trainingJobName' failed to satisfy constraint: Member must satisfy regular expression",
        ),
        (
            {"TrainingJobName": "x" * 64},
            "at 'trainingJobName' failed to satisfy constraint: Member must have length less than or equal to 63",
        ),
        (
            {"StoppingCondition": {"MaxRuntimeInSeconds": 0}},
            "at 'stoppingCondition.maxRuntimeInSeconds' failed to satisfy constraint: Member must have value greater",
        ),
        (
            {"StoppingCondition": {"MaxRuntimeInSeconds": "60"}},
            "at 'stoppingCondition.maxRuntimeInSeconds' failed to satisfy constraint: Member must be of type integer",
        ),
        (
            {"EnableNetworkIsolation": 1},
            "Value 1 at 'enableNetworkIsolation' failed to satisfy constraint: Member must be of type boolean",
        ),
        (
            {"ResourceConfig": {**JOB["ResourceConfig"], "InstanceType": "ml.m5.huge"}},  # type: ignore[dict-item]
            "Value 'ml.m5.huge' at 'resourceConfig.instanceType' failed to satisfy constraint: Member must satisfy en",
        ),
        (
            {"HyperParameters": {"a": 1}},
            "Value 1 at 'hyperParameters.a' failed to satisfy constraint: Member must be of type string",
        ),
        ({"Tags": [{"Key": "a", "Valeu": "b"}]}, "Value null at 'tags.1.member.value' failed to satisfy constraint"),
        ({"Tags": [{"Key": "a", "Value": "$" * 3}]}, "at 'tags.1.member.value'"),
    ],
)
def test_an_invalid_member_is_named(change: dict[str, Any], message: str) -> None:
    assert message in refusal("CreateTrainingJob", JOB | change)


def test_every_problem_is_listed_with_their_count() -> None:
    message = refusal("CreateTrainingJob", JOB | {"RoleArn": None, "TrainingJobName": "-"})
    assert message.startswith("2 validation errors detected: ")


def test_a_pattern_in_unicode_classes_is_read() -> None:
    validation.check(call("CreateTrainingJob", JOB | {"Tags": [{"Key": "Größe", "Value": "Ä 1/2"}]}))


def test_every_pattern_of_the_services_compiles() -> None:
    for service in ("sagemaker", "sagemaker-runtime", "lambda", "stepfunctions", "events"):
        model = get_service_model(service)
        for name in model.shape_names:
            pattern = model.shape_for(name).metadata.get("pattern")
            if pattern is not None:
                assert validation._pattern(pattern)


def test_an_answer_out_of_its_shape_is_a_failure_of_ours() -> None:
    model = get_service_model("sagemaker").operation_model("DescribeEndpoint")
    with pytest.raises(AwsError, match="answered out of its shape: Value null at 'endpointName'") as failed:
        validation.check_response(model, {})
    assert failed.value.status == 500


def test_what_is_copied_may_be_encoded_as_a_whole() -> None:
    copy = {"Bucket": "b", "Key": "k", "CopySource": "raw%2Fk"}
    validation.check(call("CopyObject", copy, "s3"))
    with pytest.raises(AwsError, match="copySource"):
        validation.check(call("CopyObject", copy | {"CopySource": "raw"}, "s3"))
