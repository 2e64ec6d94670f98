import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from penstock.errors import DeployError

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
UNTAGGED = {"tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": 1}
EXPIRE = json.dumps({"rules": [{"rulePriority": 1, "selection": UNTAGGED, "action": {"type": "expire"}}]})
FULL: dict[str, Any] = {
    "RepositoryName": "dev-forest",
    "EncryptionConfiguration": {"EncryptionType": "KMS", "KmsKey": "arn:aws:kms:us-east-1:123456789012:key/k"},
    "ImageScanningConfiguration": {"ScanOnPush": True},
    "ImageTagMutability": "IMMUTABLE",
    "LifecyclePolicy": {"LifecyclePolicyText": EXPIRE},
}


def repository(**properties: Any) -> dict[str, Any]:
    return {"Forest": {"Type": "AWS::ECR::Repository", "Properties": properties}}


def described(account: Any) -> dict[str, Any]:
    [found] = account.client("ecr").describe_repositories()["repositories"]
    return dict(found)


def test_every_property_of_a_repository_is_applied(account: Any) -> None:
    arn = {"Arn": {"Value": {"Fn::GetAtt": ["Forest", "Arn"]}}}
    stack = account.deploy(repository(**FULL), Outputs=arn)
    found = described(account)
    assert (found["repositoryName"], found["repositoryArn"]) == ("dev-forest", stack.outputs["Arn"])
    assert found["encryptionConfiguration"]["kmsKey"] == FULL["EncryptionConfiguration"]["KmsKey"]
    assert found["imageScanningConfiguration"] == {"scanOnPush": True}
    assert found["imageTagMutability"] == "IMMUTABLE"
    policy = account.client("ecr").get_lifecycle_policy(repositoryName="dev-forest")["lifecyclePolicyText"]
    assert policy == EXPIRE


def test_what_the_template_no_longer_says_goes_back_to_the_default(account: Any) -> None:
    account.deploy(repository(**FULL))
    kept = {name: FULL[name] for name in ("RepositoryName", "EncryptionConfiguration")}
    account.deploy(repository(**kept))
    found = described(account)
    assert (found["imageScanningConfiguration"], found["imageTagMutability"]) == ({"scanOnPush": False}, "MUTABLE")
    with pytest.raises(ClientError, match="LifecyclePolicyNotFound"):
        account.client("ecr").get_lifecycle_policy(repositoryName="dev-forest")


def test_a_repository_without_a_name_gets_one_in_lower_case(account: Any) -> None:
    account.deploy(repository())
    assert described(account)["repositoryName"].startswith("dev-app-forest-")


def test_a_repositorys_policy_is_set_and_taken_away(account: Any) -> None:
    statement = {"Sid": "Pull", "Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    ecr, name = account.client("ecr"), {"repositoryName": "dev-forest"}
    account.deploy(repository(RepositoryName="dev-forest", RepositoryPolicyText=policy))
    assert json.loads(ecr.get_repository_policy(**name)["policyText"])["Statement"][0]["Sid"] == "Pull"
    account.deploy(repository(RepositoryName="dev-forest"))
    with pytest.raises(ClientError, match="RepositoryPolicyNotFound"):
        ecr.get_repository_policy(**name)


@pytest.mark.parametrize("empty", [True, False])
def test_a_repository_with_images_is_removed_only_if_the_template_says_so(account: Any, empty: bool) -> None:  # noqa: FBT001
    account.deploy(repository(RepositoryName="dev-forest", EmptyOnDelete=empty))
    manifest = json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "layers": []})
    account.client("ecr").put_image(repositoryName="dev-forest", imageManifest=manifest, imageTag="1")
    if empty:
        account.deployer.destroy("dev-app")
        assert account.client("ecr").describe_repositories()["repositories"] == []
    else:
        with pytest.raises(DeployError, match=r"RepositoryNotEmpty.* Remove its images first: `aws ecr .*dev-forest`"):
            account.deployer.destroy("dev-app")


def test_a_repository_that_a_stack_has_kept_is_in_the_way_with_the_command_that_removes_it(account: Any) -> None:
    account.client("ecr").create_repository(repositoryName="dev-forest")
    said = r"Remove it \(`aws ecr delete-repository --repository-name dev-forest --force`\).* \(`penstock local up --f"
    with pytest.raises(DeployError, match=said):
        account.deploy(repository(RepositoryName="dev-forest"))
