import json
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import assertions

from stacks.platform import PlatformStack

Template = dict[str, Any]
Find = Callable[[Template, str], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def small() -> assertions.Template:
    """A platform of two containers and two readers, whatever the project has."""
    app = cdk.App()
    stack = PlatformStack(
        app, "platform", environment="test", containers=["forest", "trees"], emails=["a@example.com", "b@example.com"]
    )
    return assertions.Template.from_stack(stack)


def test_the_key_rotates_and_outlives_the_stack(small: assertions.Template) -> None:
    small.has_resource(
        "AWS::KMS::Key",
        {
            "Properties": {"EnableKeyRotation": True},
            "DeletionPolicy": "RetainExceptOnCreate",
            "UpdateReplacePolicy": "Retain",
        },
    )


def test_the_key_lets_cloudwatch_in_when_it_acts_for_this_account_and_eventbridge_which_does_not_say(
    platform_template: Template, find: Find
) -> None:
    statements = find(platform_template, "AWS::KMS::Key")[0]["KeyPolicy"]["Statement"]
    conditions = {item["Principal"].get("Service"): item.get("Condition") for item in statements}
    account = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    assert conditions == {None: None, "cloudwatch.amazonaws.com": account, "events.amazonaws.com": None}


def test_a_delete_marker_goes_with_the_last_version(platform_template: Template, find: Find) -> None:
    for bucket in find(platform_template, "AWS::S3::Bucket"):
        rules = bucket["LifecycleConfiguration"]["Rules"]
        assert any(rule.get("ExpiredObjectDeleteMarker") for rule in rules)


def test_every_bucket_is_versioned_private_and_owned_by_the_account(platform_template: Template, find: Find) -> None:
    buckets = find(platform_template, "AWS::S3::Bucket")
    assert len(buckets) == 3
    for bucket in buckets:
        assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}


def test_every_bucket_but_the_one_for_logs_is_encrypted_with_the_key(platform_template: Template, find: Find) -> None:
    algorithms = {
        "LoggingConfiguration" in bucket: rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"]
        for bucket in find(platform_template, "AWS::S3::Bucket")
        for rule in bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    }
    assert algorithms == {False: "AES256", True: "aws:kms"}


def test_every_bucket_refuses_what_does_not_come_by_tls(platform_template: Template, find: Find) -> None:
    policies = find(platform_template, "AWS::S3::BucketPolicy")
    assert len(policies) == 3
    for policy in policies:
        refusal = policy["PolicyDocument"]["Statement"][0]
        assert (refusal["Effect"], refusal["Principal"], refusal["Action"]) == ("Deny", "*", "s3:*")
        assert refusal["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        assert len(refusal["Resource"]) == 2  # the bucket, and what is in it


def test_no_rule_expires_or_archives_an_artefact(platform_template: Template, find: Find) -> None:
    """Only what Prepare has pinned, and tagged, may go."""
    rules = [
        rule
        for bucket in find(platform_template, "AWS::S3::Bucket")
        if bucket.get("LoggingConfiguration", {}).get("LogFilePrefix") == "artefacts/"
        for rule in bucket["LifecycleConfiguration"]["Rules"]
    ]
    removing = [rule for rule in rules if "ExpirationInDays" in rule]
    assert [rule["TagFilters"] for rule in removing] == [[{"Key": "penstock", "Value": "pinned-data"}]]
    assert not any("Transitions" in rule for rule in rules)
    (deleted,) = [rule for rule in rules if "NoncurrentVersionExpiration" in rule and rule not in removing]
    assert deleted["NoncurrentVersionExpiration"] == {"NoncurrentDays": 90}


def test_every_container_has_a_repository_that_keeps_tagged_images(small: assertions.Template) -> None:
    repositories = small.find_resources("AWS::ECR::Repository").values()
    assert {item["Properties"]["RepositoryName"] for item in repositories} == {"test-forest", "test-trees"}
    for repository in repositories:
        properties = repository["Properties"]
        assert properties["ImageTagMutability"] == "IMMUTABLE"
        assert properties["ImageScanningConfiguration"] == {"ScanOnPush": True}
        (rule,) = json.loads(properties["LifecyclePolicy"]["LifecyclePolicyText"])["rules"]
        assert rule["selection"]["tagStatus"] == "untagged"


def test_the_topic_is_encrypted(platform_template: Template, find: Find) -> None:
    assert "Fn::GetAtt" in find(platform_template, "AWS::SNS::Topic")[0]["KmsMasterKeyId"]


def test_the_topic_takes_messages_by_tls_and_from_alarms_and_events(platform_template: Template, find: Find) -> None:
    (policy,) = find(platform_template, "AWS::SNS::TopicPolicy")
    effects = {item["Sid"]: item["Effect"] for item in policy["PolicyDocument"]["Statement"]}
    assert effects == {"TlsOnly": "Deny", "Alarms": "Allow", "Events": "Allow"}


def test_the_table_of_deployments_has_an_encrypted_item_for_each_endpoint(
    platform_template: Template, find: Find
) -> None:
    (table,) = find(platform_template, "AWS::DynamoDB::Table")
    assert table["TableName"] == "dev-deployments"
    assert table["KeySchema"] == [{"AttributeName": "endpoint", "KeyType": "HASH"}]
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["SSESpecification"]["SSEType"] == "KMS"


def test_everybody_to_be_notified_is_subscribed(small: assertions.Template) -> None:
    endpoints = {item["Properties"]["Endpoint"] for item in small.find_resources("AWS::SNS::Subscription").values()}
    assert endpoints == {"a@example.com", "b@example.com"}


def test_what_others_look_up_is_an_output(platform_template: Template) -> None:
    assert {"DataBucketName", "ArtefactBucketName", "TopicArn", "DeploymentsTableName"} <= platform_template[
        "Outputs"
    ].keys()
