from typing import Any

import pytest
from botocore.exceptions import ClientError

from penstock.local.clients import Clients, Credentials
from penstock.local.deploy.resources.lifecycle import lifecycle
from penstock.local.deploy.resources.s3 import create_bucket

ENCRYPTION = {
    "ServerSideEncryptionConfiguration": [
        {
            "BucketKeyEnabled": True,
            "ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "key"},
        }
    ]
}
LIFECYCLE = {
    "Rules": [
        {"Id": "Abandoned", "Status": "Enabled", "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}},
        {
            "Id": "Runs",
            "Status": "Enabled",
            "TagFilters": [{"Key": "penstock", "Value": "run"}],
            "ExpirationInDays": 30,
            "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
        },
    ]
}
PRIVATE = {
    "BlockPublicAcls": True,
    "BlockPublicPolicy": True,
    "IgnorePublicAcls": True,
    "RestrictPublicBuckets": True,
}
FULL = {
    "BucketEncryption": ENCRYPTION,
    "LifecycleConfiguration": LIFECYCLE,
    "LoggingConfiguration": {"DestinationBucketName": {"Ref": "Logs"}, "LogFilePrefix": "data/"},
    "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
    "PublicAccessBlockConfiguration": PRIVATE,
    "VersioningConfiguration": {"Status": "Enabled"},
}
DELIVER = {
    "Effect": "Allow",
    "Principal": {"Service": "logging.s3.amazonaws.com"},
    "Action": "s3:PutObject",
    "Resource": {"Fn::Sub": "${Logs.Arn}/*"},
}
LOGS = {
    "Logs": {"Type": "AWS::S3::Bucket"},
    "LogsPolicy": {
        "Type": "AWS::S3::BucketPolicy",
        "Properties": {"Bucket": {"Ref": "Logs"}, "PolicyDocument": {"Statement": [DELIVER]}},
    },
}


def bucket(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::S3::Bucket", "Properties": properties}


def name_of(stack: Any, logical_id: str) -> str:
    name: str = stack.resources[logical_id].handle.id
    return name


def test_every_property_of_a_bucket_is_applied(account: Any) -> None:
    stack = account.deploy({**LOGS, "Data": bucket(**FULL)})
    s3, where = account.client("s3"), {"Bucket": name_of(stack, "Data")}

    [rule] = s3.get_bucket_encryption(**where)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["BucketKeyEnabled"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "key"}
    assert s3.get_public_access_block(**where)["PublicAccessBlockConfiguration"] == PRIVATE
    assert s3.get_bucket_versioning(**where)["Status"] == "Enabled"
    assert s3.get_bucket_ownership_controls(**where)["OwnershipControls"] == FULL["OwnershipControls"]
    logging = s3.get_bucket_logging(**where)["LoggingEnabled"]
    assert (logging["TargetBucket"], logging["TargetPrefix"]) == (name_of(stack, "Logs"), "data/")


def test_lifecycle_rules_are_those_of_the_template(account: Any) -> None:
    stack = account.deploy({"Data": bucket(LifecycleConfiguration=LIFECYCLE)})
    rules = account.client("s3").get_bucket_lifecycle_configuration(Bucket=name_of(stack, "Data"))["Rules"]
    abandoned, runs = rules
    assert abandoned["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}
    assert (runs["ID"], runs["Filter"], runs["Status"]) == (
        "Runs",
        {"Tag": {"Key": "penstock", "Value": "run"}},
        "Enabled",
    )
    assert (runs["Expiration"], runs["NoncurrentVersionExpiration"]) == ({"Days": 30}, {"NoncurrentDays": 1})


def test_a_lifecycle_rule_removes_lone_delete_markers(account: Any) -> None:
    rule = {"Status": "Enabled", "ExpiredObjectDeleteMarker": True}
    stack = account.deploy({"Data": bucket(LifecycleConfiguration={"Rules": [rule]})})
    [found] = account.client("s3").get_bucket_lifecycle_configuration(Bucket=name_of(stack, "Data"))["Rules"]
    assert found["Expiration"] == {"ExpiredObjectDeleteMarker": True}


def test_a_lifecycle_rule_is_for_what_has_all_its_tags(account: Any) -> None:
    tags = [{"Key": "penstock", "Value": "run"}, {"Key": "kind", "Value": "input"}]
    rule = {"Status": "Enabled", "ExpirationInDays": 30, "TagFilters": tags}
    stack = account.deploy({"Data": bucket(LifecycleConfiguration={"Rules": [rule]})})
    [found] = account.client("s3").get_bucket_lifecycle_configuration(Bucket=name_of(stack, "Data"))["Rules"]
    assert found["Filter"]["And"]["Tags"] == tags


@pytest.mark.parametrize(
    ("read", "code"),
    [
        ("get_bucket_lifecycle_configuration", "NoSuchLifecycleConfiguration"),
        ("get_public_access_block", "NoSuchPublicAccessBlockConfiguration"),
        ("get_bucket_ownership_controls", "OwnershipControlsNotFoundError"),
        ("get_bucket_encryption", "ServerSideEncryptionConfigurationNotFoundError"),
    ],
)
def test_what_the_template_no_longer_says_is_taken_away(account: Any, read: str, code: str) -> None:
    account.deploy({**LOGS, "Data": bucket(**FULL)})
    stack = account.deploy({**LOGS, "Data": bucket()})
    with pytest.raises(ClientError) as caught:
        getattr(account.client("s3"), read)(Bucket=name_of(stack, "Data"))
    assert caught.value.response["Error"]["Code"] == code


def test_logging_and_versioning_are_switched_off(account: Any) -> None:
    account.deploy({**LOGS, "Data": bucket(**FULL)})
    stack = account.deploy({**LOGS, "Data": bucket()})
    s3, name = account.client("s3"), name_of(stack, "Data")
    assert "LoggingEnabled" not in s3.get_bucket_logging(Bucket=name)
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Suspended"


def test_a_bucket_policy_is_put_changed_and_removed(account: Any) -> None:
    def resources(sid: str) -> dict[str, Any]:
        statement = {"Sid": sid, "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}
        document = {"Version": "2012-10-17", "Statement": [statement]}
        policy = {
            "Type": "AWS::S3::BucketPolicy",
            "Properties": {"Bucket": {"Ref": "Data"}, "PolicyDocument": document},
        }
        return {"Data": bucket(), "Policy": policy}

    s3 = account.client("s3")
    name = name_of(account.deploy(resources("First")), "Data")
    assert '"Sid":"First"' in s3.get_bucket_policy(Bucket=name)["Policy"]
    account.deploy(resources("Second"))
    assert '"Sid":"Second"' in s3.get_bucket_policy(Bucket=name)["Policy"]
    account.deploy({"Data": bucket()})
    with pytest.raises(ClientError, match="NoSuchBucketPolicy"):
        s3.get_bucket_policy(Bucket=name)


def test_a_bucket_is_made_in_the_clouds_region(account: Any) -> None:
    clients = account.clients
    elsewhere = Clients(url=clients.url, account=clients.account, region="eu-west-1", operator=Credentials("o", "s"))
    create_bucket(elsewhere, "data")
    assert elsewhere.operator("s3").get_bucket_location(Bucket="data")["LocationConstraint"] == "eu-west-1"


def test_notifications_go_where_the_template_says(account: Any) -> None:
    topic = {"Type": "AWS::SNS::Topic"}
    queue = {"Type": "AWS::SQS::Queue"}
    wanted = {
        "EventBridgeConfiguration": {},
        "QueueConfigurations": [{"Event": "s3:ObjectCreated:*", "Queue": {"Fn::GetAtt": ["Queue", "Arn"]}}],
        "TopicConfigurations": [
            {
                "Event": "s3:ObjectRemoved:*",
                "Topic": {"Ref": "Topic"},
                "Filter": {"S3Key": {"Rules": [{"Name": "prefix", "Value": "data/"}]}},
            }
        ],
    }
    others = {"Topic": topic, "Queue": queue}
    s3, asked = account.client("s3"), []
    event = "provide-client-params.s3.PutBucketNotificationConfiguration"
    s3.meta.events.register(event, lambda params, **_: asked.append(params["NotificationConfiguration"]), "asked")
    stack = account.deploy({**others, "Data": bucket(NotificationConfiguration=wanted)})
    s3.meta.events.unregister(event, unique_id="asked")
    assert asked[0]["EventBridgeConfiguration"] == {}
    where = {"Bucket": name_of(stack, "Data")}
    found = s3.get_bucket_notification_configuration(**where)
    assert found["QueueConfigurations"][0]["Events"] == ["s3:ObjectCreated:*"]
    [to_topic] = found["TopicConfigurations"]
    assert to_topic["TopicArn"] == name_of(stack, "Topic")
    assert to_topic["Filter"]["Key"]["FilterRules"][0]["Value"] == "data/"
    stack = account.deploy({**others, "Data": bucket()})
    assert "QueueConfigurations" not in s3.get_bucket_notification_configuration(**where)


def test_a_named_bucket_has_its_names_and_origins(account: Any) -> None:
    rule = {"AllowedMethods": ["GET"], "AllowedOrigins": ["*"], "ExposedHeaders": ["ETag"], "MaxAge": 60, "Id": "a"}
    properties = {"BucketName": "dev-data", "CorsConfiguration": {"CorsRules": [rule]}}
    outputs = {"Domain": {"Value": {"Fn::GetAtt": ["Data", "RegionalDomainName"]}}}
    stack = account.deploy({"Data": bucket(**properties)}, Outputs=outputs)
    assert stack.outputs["Domain"] == "dev-data.s3.us-east-1.amazonaws.com"
    [found] = account.client("s3").get_bucket_cors(Bucket="dev-data")["CORSRules"]
    assert (found["ExposeHeaders"], found["MaxAgeSeconds"]) == (["ETag"], 60)


def test_lifecycle_rules_move_and_choose() -> None:
    rule = {
        "Status": "Enabled",
        "Prefix": "runs/",
        "ObjectSizeGreaterThan": 1024,
        "ExpirationInDays": 90,
        "Transitions": [{"StorageClass": "GLACIER", "TransitionInDays": 30}],
        "NoncurrentVersionTransitions": [{"StorageClass": "GLACIER", "TransitionInDays": 7}],
    }
    assert lifecycle({"Rules": [rule]})["Rules"] == [
        {
            "Status": "Enabled",
            "Filter": {"And": {"Prefix": "runs/", "ObjectSizeGreaterThan": 1024}},
            "Expiration": {"Days": 90},
            "Transitions": [{"StorageClass": "GLACIER", "Days": 30}],
            "NoncurrentVersionTransitions": [{"StorageClass": "GLACIER", "NoncurrentDays": 7}],
        }
    ]
