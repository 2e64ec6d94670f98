from typing import Any

import pytest

from penstock.local.service import AwsError

ROLE = "arn:aws:iam::123456789012:role/dev-bigmart-execution"
ARN = "arn:aws:sagemaker:us-east-1:123456789012:model-package"


@pytest.fixture
def group(world: Any) -> str:
    return str(world.call("CreateModelPackageGroup", ModelPackageGroupName="g")["ModelPackageGroupArn"])


def create(world: Any, **request: Any) -> str:
    return str(world.call("CreateModelPackage", **request)["ModelPackageArn"])


def specification(world: Any, *more: dict[str, Any]) -> dict[str, Any]:
    container = {"Image": world.image, "ModelDataUrl": world.put("m.tar.gz", b"1"), "Environment": {"A": "1"}}
    return {"Containers": [container, *more], "SupportedContentTypes": ["text/csv"]}


def test_a_group_is_described_and_deleted(world: Any, group: str) -> None:
    assert group == f"{ARN}-group/g"
    described = world.call("DescribeModelPackageGroup", ModelPackageGroupName="g")
    assert (described["ModelPackageGroupArn"], described["ModelPackageGroupStatus"]) == (group, "Completed")
    assert world.call("DescribeModelPackageGroup", ModelPackageGroupName=group) == described
    world.call("DeleteModelPackageGroup", ModelPackageGroupName="g")
    with pytest.raises(AwsError, match=f"ValidationException: ModelPackageGroup {group} does not exist."):
        world.call("DescribeModelPackageGroup", ModelPackageGroupName="g")


def test_a_groups_name_is_taken(world: Any, group: str) -> None:
    with pytest.raises(AwsError, match="Cannot create already existing Model Package Group"):
        world.call("CreateModelPackageGroup", ModelPackageGroupName="G")


def test_versions_are_counted_and_wait_for_approval(world: Any, group: str) -> None:
    assert create(world, ModelPackageGroupName="g") == f"{ARN}/g/1"
    assert create(world, ModelPackageGroupName=group) == f"{ARN}/g/2"
    described = world.call("DescribeModelPackage", ModelPackageName=f"{ARN}/g/2")
    assert (described["ModelPackageGroupName"], described["ModelPackageVersion"]) == ("g", 2)
    assert (described["ModelPackageStatus"], described["ModelApprovalStatus"]) == ("Completed", "PendingManualApproval")


def test_a_number_is_not_used_again(world: Any, group: str) -> None:
    world.call("DeleteModelPackage", ModelPackageName=create(world, ModelPackageGroupName="g"))
    assert create(world, ModelPackageGroupName="g") == f"{ARN}/g/2"


def test_a_request_that_comes_again_makes_no_second_version(world: Any, group: str) -> None:
    request = {"ModelPackageGroupName": "g", "ClientToken": "run-1", "CustomerMetadataProperties": {"run": "1"}}
    assert create(world, **request) == create(world, **request) == f"{ARN}/g/1"
    with pytest.raises(AwsError, match=f"ConflictException: The ClientToken run-1 .* which made {ARN}/g/1"):
        create(world, **request, ModelApprovalStatus="Approved")
    assert create(world, **request | {"ClientToken": "run-2"}) == f"{ARN}/g/2"
    assert create(world, ModelPackageGroupName="g") == f"{ARN}/g/3"
    assert create(world, ModelPackageGroupName="g") == f"{ARN}/g/4"


def test_a_package_may_have_a_name_of_its_own(world: Any) -> None:
    assert create(world, ModelPackageName="p") == f"{ARN}/p"
    assert "ModelApprovalStatus" not in world.call("DescribeModelPackage", ModelPackageName="p")
    with pytest.raises(AwsError, match="Cannot create already existing model package"):
        create(world, ModelPackageName="p")


def test_a_package_is_approved_and_described_as_it_was_made(world: Any, group: str) -> None:
    quality = {"Statistics": {"ContentType": "application/json", "S3Uri": "s3://artefacts/metrics.json"}}
    made = {
        "InferenceSpecification": specification(world),
        "ModelMetrics": {"ModelQuality": quality},
        "CustomerMetadataProperties": {"run": "1", "team": "ml"},
    }
    arn = create(world, ModelPackageGroupName="g", **made)
    update = {"ModelApprovalStatus": "Approved", "ApprovalDescription": "fine"}
    world.call("UpdateModelPackage", ModelPackageArn=arn, **update, CustomerMetadataPropertiesToRemove=["team"])
    described = world.call("DescribeModelPackage", ModelPackageName=arn)
    expected = made | update | {"CustomerMetadataProperties": {"run": "1"}}
    assert {name: described[name] for name in expected} == expected
    assert described["LastModifiedTime"] >= described["CreationTime"]


def test_versions_are_listed_by_group_and_approval(world: Any, group: str) -> None:
    arns = [create(world, ModelPackageGroupName="g") for _ in range(2)]
    create(world, ModelPackageName="p")
    world.call("UpdateModelPackage", ModelPackageArn=arns[0], ModelApprovalStatus="Rejected")

    def listed(**request: Any) -> list[str]:
        found = world.call("ListModelPackages", **request)["ModelPackageSummaryList"]
        return sorted(package["ModelPackageArn"] for package in found)

    assert listed(ModelPackageGroupName="g") == arns
    assert listed(ModelPackageGroupName="g", ModelApprovalStatus="Rejected") == arns[:1]
    assert listed() == [f"{ARN}/p"]
    assert listed(ModelPackageType="Both") == [*arns, f"{ARN}/p"]


def test_a_group_with_packages_cannot_be_deleted(world: Any, group: str) -> None:
    create(world, ModelPackageGroupName="g")
    with pytest.raises(AwsError, match="ConflictException: Model Package Group cannot be deleted because it still"):
        world.call("DeleteModelPackageGroup", ModelPackageGroupName="g")


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({}, "Missing ARN."),
        (
            {"ModelPackageName": "p", "ModelPackageGroupName": "g"},
            "Both ModelPackageName and ModelPackageGroupName are provided in the input. Cannot determine which one",
        ),
        ({"ModelPackageGroupName": "g", "Tags": [{"Key": "a", "Value": "b"}]}, "Tags cannot be given to a version"),
        ({"ModelPackageGroupName": "none"}, f"ModelPackageGroup {ARN}-group/none does not exist."),
        ({"ModelPackageName": "p", "ValidationSpecification": {}}, "does not serve ValidationSpecification"),
    ],
)
def test_what_is_refused(world: Any, request_: dict[str, Any], message: str) -> None:
    with pytest.raises(AwsError, match=message):
        create(world, **request_)


def test_a_package_that_is_not_there(world: Any) -> None:
    with pytest.raises(AwsError, match=f"ValidationException: ModelPackage {ARN}/none does not exist."):
        world.call("DescribeModelPackage", ModelPackageName="none")


def test_a_model_is_made_of_a_package(world: Any, group: str) -> None:
    arn = create(world, ModelPackageGroupName="g", InferenceSpecification=specification(world))
    container = {"ModelPackageName": arn}
    request = {"ModelName": "m", "PrimaryContainer": container, "ExecutionRoleArn": ROLE}
    with pytest.raises(AwsError, match="is not approved: its ModelApprovalStatus is PendingManualApproval"):
        world.call("CreateModel", **request)
    world.call("UpdateModelPackage", ModelPackageArn=arn, ModelApprovalStatus="Approved")
    world.call("CreateModel", **request)
    assert world.call("DescribeModel", ModelName="m")["PrimaryContainer"] == container


def test_a_package_of_several_containers_makes_no_model(world: Any) -> None:
    both = specification(world, {"Image": world.image})
    create(world, ModelPackageName="p", InferenceSpecification=both)
    container = {"ModelPackageName": "p"}
    with pytest.raises(AwsError, match="has 2 containers"):
        world.call("CreateModel", ModelName="m", PrimaryContainer=container, ExecutionRoleArn=ROLE)
