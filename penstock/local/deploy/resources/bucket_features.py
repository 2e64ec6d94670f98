"""The properties of AWS::S3::Bucket: each is put, and taken away, by calls of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from penstock.local.deploy.resources.lifecycle import LIFECYCLE, lifecycle
from penstock.local.deploy.resources.shape import VALUE, Shape
from penstock.local.deploy.resources.tags import TAGS
from penstock.local.service import JsonObject

_FILTER: Shape = {"S3Key": {"Rules": [{"Name": VALUE, "Value": VALUE}]}}


@dataclass(frozen=True)
class Feature:
    """A property of a bucket: its shape, how it is put, and how it is taken away."""

    shape: Shape
    put: str
    argument: str
    translate: Callable[[Any], Any] = lambda value: value
    remove: str | None = None
    off: JsonObject | None = None  # what to put, where there is nothing to remove

    def apply(self, s3: Any, bucket: str, value: Any) -> None:
        """Put a value, or take the property away where it is None."""
        if value is None and self.remove:
            getattr(s3, self.remove)(Bucket=bucket)
        else:
            wanted = self.off if value is None else self.translate(value)
            getattr(s3, self.put)(Bucket=bucket, **{self.argument: wanted})


def _encryption(value: Any) -> JsonObject:
    names = {"ServerSideEncryptionByDefault": "ApplyServerSideEncryptionByDefault"}
    rules = value["ServerSideEncryptionConfiguration"]
    return {"Rules": [{names.get(key, key): item for key, item in rule.items()} for rule in rules]}


def _logging(value: Any) -> JsonObject:
    target = {"TargetBucket": value["DestinationBucketName"], "TargetPrefix": value.get("LogFilePrefix", "")}
    return {"LoggingEnabled": target}


def _cors(value: Any) -> JsonObject:
    names = {"ExposedHeaders": "ExposeHeaders", "Id": "ID", "MaxAge": "MaxAgeSeconds"}
    return {"CORSRules": [{names.get(key, key): item for key, item in rule.items()} for rule in value["CorsRules"]]}


def _notifications(value: Any) -> JsonObject:
    put: JsonObject = {}
    on = value.get("EventBridgeConfiguration")
    if on is not None and str(on.get("EventBridgeEnabled", True)).lower() == "true":
        put["EventBridgeConfiguration"] = {}
    for kind, (target, renamed) in _TARGETS.items():
        if kind in value:
            put[renamed] = [_notification(entry, target, renamed) for entry in value[kind]]
    return put


def _notification(entry: JsonObject, target: str, renamed: str) -> JsonObject:
    put = {"Events": [entry["Event"]], f"{renamed.removesuffix('Configurations')}Arn": entry[target]}
    if "Filter" in entry:
        put["Filter"] = {"Key": {"FilterRules": entry["Filter"]["S3Key"]["Rules"]}}
    return put


# What CloudFormation calls them, by what the target is called there, and what S3 does.
_TARGETS = {
    "LambdaConfigurations": ("Function", "LambdaFunctionConfigurations"),
    "QueueConfigurations": ("Queue", "QueueConfigurations"),
    "TopicConfigurations": ("Topic", "TopicConfigurations"),
}
FEATURES: Mapping[str, Feature] = {
    "BucketEncryption": Feature(
        shape={
            "ServerSideEncryptionConfiguration": [
                {
                    "BucketKeyEnabled": VALUE,
                    "ServerSideEncryptionByDefault": {"KMSMasterKeyID": VALUE, "SSEAlgorithm": VALUE},
                }
            ]
        },
        put="put_bucket_encryption",
        argument="ServerSideEncryptionConfiguration",
        translate=_encryption,
        remove="delete_bucket_encryption",
    ),
    "CorsConfiguration": Feature(
        shape={
            "CorsRules": [
                {
                    "AllowedHeaders": [VALUE],
                    "AllowedMethods": [VALUE],
                    "AllowedOrigins": [VALUE],
                    "ExposedHeaders": [VALUE],
                    "Id": VALUE,
                    "MaxAge": VALUE,
                }
            ]
        },
        put="put_bucket_cors",
        argument="CORSConfiguration",
        translate=_cors,
        remove="delete_bucket_cors",
    ),
    "LifecycleConfiguration": Feature(
        shape=LIFECYCLE,
        put="put_bucket_lifecycle_configuration",
        argument="LifecycleConfiguration",
        translate=lifecycle,
        remove="delete_bucket_lifecycle",
    ),
    "LoggingConfiguration": Feature(
        shape={"DestinationBucketName": VALUE, "LogFilePrefix": VALUE},
        put="put_bucket_logging",
        argument="BucketLoggingStatus",
        translate=_logging,
        off={},
    ),
    "NotificationConfiguration": Feature(
        shape={
            "EventBridgeConfiguration": {"EventBridgeEnabled": VALUE},
            "LambdaConfigurations": [{"Event": VALUE, "Filter": _FILTER, "Function": VALUE}],
            "QueueConfigurations": [{"Event": VALUE, "Filter": _FILTER, "Queue": VALUE}],
            "TopicConfigurations": [{"Event": VALUE, "Filter": _FILTER, "Topic": VALUE}],
        },
        put="put_bucket_notification_configuration",
        argument="NotificationConfiguration",
        translate=_notifications,
        off={},
    ),
    "OwnershipControls": Feature(
        shape={"Rules": [{"ObjectOwnership": VALUE}]},
        put="put_bucket_ownership_controls",
        argument="OwnershipControls",
        remove="delete_bucket_ownership_controls",
    ),
    "PublicAccessBlockConfiguration": Feature(
        shape={
            "BlockPublicAcls": VALUE,
            "BlockPublicPolicy": VALUE,
            "IgnorePublicAcls": VALUE,
            "RestrictPublicBuckets": VALUE,
        },
        put="put_public_access_block",
        argument="PublicAccessBlockConfiguration",
        remove="delete_public_access_block",
    ),
    "Tags": Feature(
        shape=TAGS,
        put="put_bucket_tagging",
        argument="Tagging",
        translate=lambda tags: {"TagSet": tags},
        remove="delete_bucket_tagging",
    ),
    "VersioningConfiguration": Feature(
        shape={"Status": VALUE},
        put="put_bucket_versioning",
        argument="VersioningConfiguration",
        off={"Status": "Suspended"},
    ),
}
