"""AWS::S3: buckets and their policies."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from penstock.local.clients import Clients
from penstock.local.deploy.resources.base import Handle, Physical, ResourceType, document, partition
from penstock.local.deploy.resources.shape import JSON, VALUE
from penstock.local.service import JsonObject


@dataclass(frozen=True)
class _Feature:
    """A property of a bucket: how it is put, and how it is taken away."""

    put: str
    argument: str
    translate: Callable[[Any], Any] = lambda value: value
    remove: str | None = None
    off: JsonObject | None = None  # what to put, where there is nothing to remove


def create_bucket(clients: Clients, name: str) -> None:
    """Make a bucket in the clients' region."""
    elsewhere = {"CreateBucketConfiguration": {"LocationConstraint": clients.region}}
    clients.operator("s3").create_bucket(Bucket=name, **({} if clients.region == "us-east-1" else elsewhere))


def _encryption(value: Any) -> JsonObject:
    names = {"ServerSideEncryptionByDefault": "ApplyServerSideEncryptionByDefault"}
    rules = value["ServerSideEncryptionConfiguration"]
    return {"Rules": [{names.get(key, key): item for key, item in rule.items()} for rule in rules]}


def _lifecycle(value: Any) -> JsonObject:
    return {"Rules": [_lifecycle_rule(rule) for rule in value["Rules"]]}


def _lifecycle_rule(rule: JsonObject) -> JsonObject:
    same = ("AbortIncompleteMultipartUpload", "NoncurrentVersionExpiration", "Status")
    put = {name: rule[name] for name in same if name in rule} | {"Filter": _filter(rule.get("TagFilters", []))}
    if "Id" in rule:
        put["ID"] = rule["Id"]
    if "ExpirationInDays" in rule:
        put["Expiration"] = {"Days": rule["ExpirationInDays"]}
    if "ExpiredObjectDeleteMarker" in rule:
        put["Expiration"] = {"ExpiredObjectDeleteMarker": rule["ExpiredObjectDeleteMarker"]}
    return put


def _filter(tags: list[JsonObject]) -> JsonObject:
    match tags:
        case []:
            return {"Prefix": ""}
        case [tag]:
            return {"Tag": tag}
    return {"And": {"Tags": tags}}


def _logging(value: Any) -> JsonObject:
    target = {"TargetBucket": value["DestinationBucketName"], "TargetPrefix": value.get("LogFilePrefix", "")}
    return {"LoggingEnabled": target}


_FEATURES = {
    "BucketEncryption": _Feature(
        put="put_bucket_encryption",
        argument="ServerSideEncryptionConfiguration",
        translate=_encryption,
        remove="delete_bucket_encryption",
    ),
    "LifecycleConfiguration": _Feature(
        put="put_bucket_lifecycle_configuration",
        argument="LifecycleConfiguration",
        translate=_lifecycle,
        remove="delete_bucket_lifecycle",
    ),
    "LoggingConfiguration": _Feature(
        put="put_bucket_logging", argument="BucketLoggingStatus", translate=_logging, off={}
    ),
    "OwnershipControls": _Feature(
        put="put_bucket_ownership_controls", argument="OwnershipControls", remove="delete_bucket_ownership_controls"
    ),
    "PublicAccessBlockConfiguration": _Feature(
        put="put_public_access_block", argument="PublicAccessBlockConfiguration", remove="delete_public_access_block"
    ),
    "VersioningConfiguration": _Feature(
        put="put_bucket_versioning", argument="VersioningConfiguration", off={"Status": "Suspended"}
    ),
}


def _create(bucket: Handle) -> Physical:
    name = bucket.name(63).lower()
    create_bucket(bucket.clients, name)
    return Physical(name, {"Arn": f"arn:{partition(bucket.clients.region)}:s3:::{name}"})


def _configure(bucket: Handle) -> None:
    s3 = bucket.client("s3")
    for name, feature in _FEATURES.items():
        if not bucket.changed(name):
            continue
        if name not in bucket.properties and feature.remove:
            getattr(s3, feature.remove)(Bucket=bucket.id)
        else:
            value = feature.translate(bucket.properties[name]) if name in bucket.properties else feature.off
            getattr(s3, feature.put)(Bucket=bucket.id, **{feature.argument: value})


BUCKET = ResourceType(
    properties={
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [
                {
                    "BucketKeyEnabled": VALUE,
                    "ServerSideEncryptionByDefault": {"KMSMasterKeyID": VALUE, "SSEAlgorithm": VALUE},
                }
            ]
        },
        "LifecycleConfiguration": {
            "Rules": [
                {
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": VALUE},
                    "ExpirationInDays": VALUE,
                    "ExpiredObjectDeleteMarker": VALUE,
                    "Id": VALUE,
                    "NoncurrentVersionExpiration": {"NoncurrentDays": VALUE},
                    "Status": VALUE,
                    "TagFilters": [{"Key": VALUE, "Value": VALUE}],
                }
            ]
        },
        "LoggingConfiguration": {"DestinationBucketName": VALUE, "LogFilePrefix": VALUE},
        "OwnershipControls": {"Rules": [{"ObjectOwnership": VALUE}]},
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": VALUE,
            "BlockPublicPolicy": VALUE,
            "IgnorePublicAcls": VALUE,
            "RestrictPublicBuckets": VALUE,
        },
        "VersioningConfiguration": {"Status": VALUE},
    },
    create=_create,
    configure=_configure,
    delete=lambda bucket: bucket.client("s3").delete_bucket(Bucket=bucket.id),
    attributes=("Arn",),
)

BUCKET_POLICY = ResourceType(
    properties={"Bucket": VALUE, "PolicyDocument": JSON},
    required=("Bucket", "PolicyDocument"),
    create=lambda policy: Physical(policy.properties["Bucket"]),
    configure=lambda policy: policy.client("s3").put_bucket_policy(
        Bucket=policy.id, Policy=document(policy.properties["PolicyDocument"])
    ),
    delete=lambda policy: policy.client("s3").delete_bucket_policy(Bucket=policy.id),
    replaced_by=("Bucket",),
)
