import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

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
