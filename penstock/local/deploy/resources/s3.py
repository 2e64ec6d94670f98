"""AWS::S3: buckets and their policies."""

import re
from typing import Any

from penstock.local.clients import Clients
from penstock.local.deploy.resources.base import Handle, Physical, ResourceType, document
from penstock.local.deploy.resources.bucket_features import FEATURES
from penstock.local.deploy.resources.removal import discard
from penstock.local.deploy.resources.shape import JSON, VALUE
from penstock.local.deploy.resources.tags import TAGS

_ACCESS_LOG = re.compile(r"\d{4}(-\d\d){5}-[0-9A-F]{16}$")  # how S3 ends the key of one


def create_bucket(clients: Clients, name: str) -> None:
    """Make a bucket in the clients' region."""
    elsewhere = {"CreateBucketConfiguration": {"LocationConstraint": clients.region}}
    clients.operator("s3").create_bucket(Bucket=name, **({} if clients.region == "us-east-1" else elsewhere))


def _expected(bucket: Handle) -> Physical:
    name = bucket.properties.get("BucketName", bucket.name(63).lower())
    region = bucket.clients.region
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return Physical(
        name,
        {
            "Arn": bucket.clients.global_arn("s3", name, account=False),
            "DomainName": f"{name}.s3.{suffix}",
            "DualStackDomainName": f"{name}.s3.dualstack.{region}.{suffix}",
            "RegionalDomainName": f"{name}.s3.{region}.{suffix}",
        },
    )


def _create(bucket: Handle) -> Physical:
    physical = _expected(bucket)
    create_bucket(bucket.clients, physical.id)
    return physical


def _configure(bucket: Handle) -> None:
    s3 = bucket.client("s3")
    for name, feature in FEATURES.items():
        if bucket.changed(name):
            feature.apply(s3, bucket.id, bucket.properties.get(name))


def _discard_access_logs(bucket: Handle) -> None:
    s3 = bucket.client("s3")
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket.id):
        for entry in page.get("Versions", []):
            if _ACCESS_LOG.search(entry["Key"]):
                s3.delete_object(Bucket=bucket.id, Key=entry["Key"], VersionId=entry["VersionId"])


BUCKET = ResourceType(
    properties={
        "BucketName": VALUE,
        "Tags": TAGS,
        **{name: feature.shape for name, feature in FEATURES.items() if name != "Tags"},
    },
    exists=lambda bucket: bucket.client("s3").get_bucket_location(Bucket=_expected(bucket).id),
    create=_create,
    expected=_expected,
    configure=_configure,
    delete=lambda bucket: bucket.client("s3").delete_bucket(Bucket=bucket.id),
    created_with=("BucketName",),
    replaced_by=("BucketName",),
    discard_delivered=_discard_access_logs,
    attributes=("Arn", "DomainName", "DualStackDomainName", "RegionalDomainName"),
    name_property="BucketName",
)


def _policy(policy: Handle) -> Physical:
    return Physical(policy.properties["Bucket"])


def _put_policy(policy: Handle) -> None:
    text: Any = document(policy.properties["PolicyDocument"])
    policy.client("s3").put_bucket_policy(Bucket=policy.id, Policy=text)


BUCKET_POLICY = ResourceType(
    properties={"Bucket": VALUE, "PolicyDocument": JSON},
    required=("Bucket", "PolicyDocument"),
    exists=lambda policy: policy.client("s3").get_bucket_policy(Bucket=_policy(policy).id),
    create=_policy,
    expected=_policy,
    configure=_put_policy,
    delete=lambda policy: discard(policy.client("s3").delete_bucket_policy, Bucket=policy.id),
    replaced_by=("Bucket",),
)
