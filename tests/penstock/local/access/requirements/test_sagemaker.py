from typing import Any

import pytest

ROLE = "arn:aws:iam::123456789012:role/dev-execution"


@pytest.mark.parametrize(
    ("operation", "parameters", "resource"),
    [
        ("DescribeModel", {"ModelName": "Dev-A"}, "model/dev-a"),
        ("StopHyperParameterTuningJob", {"HyperParameterTuningJobName": "t"}, "hyper-parameter-tuning-job/t"),
        ("CreateAutoMLJobV2", {"AutoMLJobName": "a"}, "automl-job/a"),
        (
            "DescribeModelPackage",
            {"ModelPackageName": "arn:aws:sagemaker:us-east-1:1:model-package/g/1"},
            "model-package/g/1",
        ),
        ("CreateModelPackage", {"ModelPackageGroupName": "g"}, "model-package/g/*"),
        ("CreateDataQualityJobDefinition", {"JobDefinitionName": "d"}, "data-quality-job-definition/d"),
        ("UpdateEndpointWeightsAndCapacities", {"EndpointName": "e"}, "endpoint/e"),
        (
            "ListTrainingJobsForHyperParameterTuningJob",
            {"HyperParameterTuningJobName": "t"},
            "hyper-parameter-tuning-job/t",
        ),
        ("DescribeUserProfile", {"DomainId": "d", "UserProfileName": "u"}, "user-profile/d/u"),
        ("AddTags", {"ResourceArn": "arn:aws:sagemaker:us-east-1:1:model/m", "Tags": [{"Key": "a"}]}, "model/m"),
        ("ListModels", {"NameContains": "m"}, "*"),
        ("ListMonitoringSchedules", {"EndpointName": "e"}, "*"),
    ],
)
def test_an_operation_is_about_what_it_names(takes: Any, operation: str, parameters: Any, resource: str) -> None:
    assert takes("sagemaker", operation, **parameters) == [f"sagemaker:{operation} {resource}"]


def test_an_association_is_about_both_its_ends(takes: Any) -> None:
    ends = {
        "SourceArn": "arn:aws:sagemaker:us-east-1:1:artifact/a",
        "DestinationArn": "arn:aws:sagemaker:us-east-1:1:context/c",
    }
    assert takes("sagemaker", "AddAssociation", **ends) == [
        "sagemaker:AddAssociation artifact/a",
        "sagemaker:AddAssociation context/c",
    ]


@pytest.mark.parametrize(
    ("operation", "parameters", "deregistered"),
    [
        ("DeleteEndpoint", {"EndpointName": "scaled"}, True),
        ("DeleteEndpoint", {"EndpointName": "e"}, False),
        ("UpdateEndpoint", {"EndpointName": "scaled", "EndpointConfigName": "same"}, False),
        ("UpdateEndpoint", {"EndpointName": "scaled", "EndpointConfigName": "changed"}, True),
    ],
)
def test_variants_that_go_are_deregistered_from_scaling(
    takes: Any, operation: str, parameters: Any, *, deregistered: bool
) -> None:
    taken = "application-autoscaling:DeregisterScalableTarget scalable-target/*" in takes(
        "sagemaker", operation, **parameters
    )
    assert taken == deregistered


def test_a_training_job_takes_its_tags_its_role_and_its_disks_key(takes: Any, by_action: Any) -> None:
    request = {
        "TrainingJobName": "j",
        "RoleArn": ROLE,
        "Tags": [{"Key": "a", "Value": "b"}],
        "ResourceConfig": {"InstanceType": "ml.m5.large", "VolumeKmsKeyId": "k"},
        "EnableNetworkIsolation": True,
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    }
    assert takes("sagemaker", "CreateTrainingJob", **request) == [
        "sagemaker:CreateTrainingJob training-job/j",
        "sagemaker:AddTags training-job/j",
        "iam:PassRole role/dev-execution",
        "kms:CreateGrant key/k",
    ]
    found = by_action("sagemaker", "CreateTrainingJob", **request)
    assert found["sagemaker:CreateTrainingJob"].context == {
        "sagemaker:VolumeKmsKeyArn": "k",
        "sagemaker:NetworkIsolation": "true",
        "sagemaker:MaxRuntimeInSeconds": "60",
        "sagemaker:InstanceTypes": ["ml.m5.large"],
    }
    assert found["iam:PassRole"].context["iam:PassedToService"] == "sagemaker.amazonaws.com"
    grant = found["kms:CreateGrant"]
    assert (grant.via, grant.role) == ("sagemaker.amazonaws.com", ROLE)
    assert grant.context["kms:GrantIsForAWSResource"] == "true"


def test_a_tuning_job_takes_what_its_training_jobs_are_defined_with(takes: Any, by_action: Any) -> None:
    definition = {
        "RoleArn": ROLE,
        "ResourceConfig": {"InstanceType": "ml.m5.large", "VolumeKmsKeyId": "k"},
        "OutputDataConfig": {"KmsKeyId": "o"},
        "EnableInterContainerTrafficEncryption": True,
        "VpcConfig": {"Subnets": ["subnet-01234567"], "SecurityGroupIds": ["sg-01234567"]},
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    }
    request = {"HyperParameterTuningJobName": "T", "TrainingJobDefinition": definition, "Tags": [{"Key": "a"}]}
    assert takes("sagemaker", "CreateHyperParameterTuningJob", **request) == [
        "sagemaker:CreateHyperParameterTuningJob hyper-parameter-tuning-job/t",
        "sagemaker:AddTags hyper-parameter-tuning-job/t",
        "iam:PassRole role/dev-execution",
        "kms:CreateGrant key/k",
    ]
    found = by_action("sagemaker", "CreateHyperParameterTuningJob", **request)
    assert found["sagemaker:CreateHyperParameterTuningJob"].context == {
        "sagemaker:VolumeKmsKeyArn": "k",
        "sagemaker:OutputKmsKeyArn": "o",
        "sagemaker:InterContainerTrafficEncryption": "true",
        "sagemaker:VpcSecurityGroupIds": ["sg-01234567"],
        "sagemaker:VpcSubnets": ["subnet-01234567"],
        "sagemaker:MaxRuntimeInSeconds": "60",
        "sagemaker:InstanceTypes": ["ml.m5.large"],
    }
    assert found["kms:CreateGrant"].role == ROLE


@pytest.mark.parametrize("operation", ["CreateEndpoint", "UpdateEndpoint"])
def test_an_endpoint_takes_its_configuration_and_its_key(takes: Any, operation: str) -> None:
    assert takes("sagemaker", operation, EndpointName="e", EndpointConfigName="C") == [
        f"sagemaker:{operation} endpoint/e",
        f"sagemaker:{operation} endpoint-config/c",
        "kms:CreateGrant key/k",
    ]


def test_all_instance_types_of_a_configuration_count(by_action: Any) -> None:
    variants = [{"InstanceType": "ml.m5.large"}, {"InstanceType": "ml.c5.large"}]
    found = by_action("sagemaker", "CreateEndpointConfig", EndpointConfigName="c", ProductionVariants=variants)
    context = found["sagemaker:CreateEndpointConfig"].context
    assert context["sagemaker:InstanceTypes"] == ["ml.m5.large", "ml.c5.large"]


def test_an_endpoint_is_asked(by_action: Any) -> None:
    found = by_action("sagemaker-runtime", "InvokeEndpoint", EndpointName="E", TargetModel="m.tar.gz")
    (one,) = found.values()
    assert (one.action, one.resource[-10:]) == ("sagemaker:InvokeEndpoint", "endpoint/e")
    assert one.context == {"sagemaker:TargetModel": "m.tar.gz"}
