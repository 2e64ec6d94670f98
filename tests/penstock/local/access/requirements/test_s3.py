from datetime import UTC, datetime
from typing import Any

import pytest

AT = {"Bucket": "data", "Key": "a/k"}
KEY = "arn:aws:kms:us-east-1:123456789012:key/k"
COMMON = {"s3:ResourceAccount": "123456789012", "s3:signatureversion": "AWS4-HMAC-SHA256"}
PLAIN = AT | {"ServerSideEncryption": "AES256"}


@pytest.mark.parametrize(
    ("operation", "parameters", "taken"),
    [
        ("ListBuckets", {}, ["s3:ListAllMyBuckets *"]),
        ("HeadBucket", {"Bucket": "data"}, ["s3:ListBucket data"]),
        ("PutBucketEncryption", {"Bucket": "data"}, ["s3:PutEncryptionConfiguration data"]),
        ("GetObject", AT, ["s3:GetObject data/a/k", "kms:Decrypt key/k"]),
        ("GetObject", AT | {"VersionId": "v"}, ["s3:GetObjectVersion data/a/k", "kms:Decrypt key/k"]),
        ("GetObject", {"Bucket": "data", "Key": "none"}, ["s3:GetObject data/none", "s3:ListBucket data"]),
        ("HeadObject", AT, ["s3:GetObject data/a/k"]),
        ("HeadObject", AT | {"ChecksumMode": "ENABLED"}, ["s3:GetObject data/a/k", "kms:Decrypt key/k"]),
        ("GetObjectAttributes", AT, ["s3:GetObject data/a/k", "kms:Decrypt key/k", "s3:GetObjectAttributes data/a/k"]),
        ("PutObject", AT, ["s3:PutObject data/a/k", "kms:GenerateDataKey key/k"]),
        ("PutObject", AT | {"ServerSideEncryption": "AES256"}, ["s3:PutObject data/a/k"]),
        (
            "PutObject",
            AT | {"Tagging": "a=1", "ACL": "private"},
            [
                "s3:PutObject data/a/k",
                "s3:PutObjectTagging data/a/k",
                "s3:PutObjectAcl data/a/k",
                "kms:GenerateDataKey key/k",
            ],
        ),
        ("CreateMultipartUpload", AT, ["s3:PutObject data/a/k", "kms:GenerateDataKey key/k"]),
        ("UploadPart", AT, ["s3:PutObject data/a/k", "kms:Decrypt key/k"]),
        ("AbortMultipartUpload", AT, ["s3:AbortMultipartUpload data/a/k"]),
        (
            "CopyObject",
            AT | {"CopySource": {"Bucket": "raw", "Key": "k", "VersionId": "v"}, "Tagging": "a=1"},
            [
                "s3:GetObjectVersion raw/k",
                "kms:Decrypt key/k",
                "s3:PutObject data/a/k",
                "s3:PutObjectTagging data/a/k",
                "kms:GenerateDataKey key/k",
            ],
        ),
        (
            "UploadPartCopy",
            AT | {"CopySource": "raw/a%20b"},
            ["s3:GetObject raw/a b", "kms:Decrypt key/k", "s3:PutObject data/a/k", "kms:Decrypt key/k"],
        ),
        (
            "UploadPartCopy",
            AT | {"CopySource": "raw%2Fk"},
            ["s3:GetObject raw/k", "kms:Decrypt key/k", "s3:PutObject data/a/k", "kms:Decrypt key/k"],
        ),
        (
            "PutObject",
            PLAIN | {"GrantRead": "id=1"},
            ["s3:PutObject data/a/k", "s3:PutObjectAcl data/a/k"],
        ),
        (
            "PutObject",
            PLAIN | {"ObjectLockMode": "COMPLIANCE", "ObjectLockLegalHoldStatus": "ON"},
            ["s3:PutObject data/a/k", "s3:PutObjectRetention data/a/k", "s3:PutObjectLegalHold data/a/k"],
        ),
        ("CreateBucket", {"Bucket": "data", "ACL": "private"}, ["s3:CreateBucket data"]),
        ("CreateBucket", {"Bucket": "data", "GrantWrite": "id=1"}, ["s3:CreateBucket data", "s3:PutBucketAcl data"]),
        (
            "CreateBucket",
            {"Bucket": "data", "ObjectLockEnabledForBucket": True, "ObjectOwnership": "ObjectWriter"},
            [
                "s3:CreateBucket data",
                "s3:PutBucketObjectLockConfiguration data",
                "s3:PutBucketVersioning data",
                "s3:PutBucketOwnershipControls data",
            ],
        ),
        (
            "PutObjectRetention",
            AT | {"BypassGovernanceRetention": True},
            ["s3:PutObjectRetention data/a/k", "s3:BypassGovernanceRetention data/a/k"],
        ),
        ("DeleteObject", AT | {"BypassGovernanceRetention": False}, ["s3:DeleteObject data/a/k"]),
        (
            "DeleteObjects",
            {"Bucket": "data", "Delete": {"Objects": [{"Key": "a"}]}, "BypassGovernanceRetention": True},
            ["s3:DeleteObject data/a", "s3:BypassGovernanceRetention data/a"],
        ),
        ("PutObjectTagging", AT, ["s3:PutObjectTagging data/a/k"]),
        ("PutObjectTagging", AT | {"VersionId": "v"}, ["s3:PutObjectVersionTagging data/a/k"]),
        ("DeleteObject", AT | {"VersionId": "v"}, ["s3:DeleteObjectVersion data/a/k"]),
        (
            "DeleteObjects",
            {"Bucket": "data", "Delete": {"Objects": [{"Key": "a"}, {"Key": "b", "VersionId": "v"}]}},
            ["s3:DeleteObject data/a", "s3:DeleteObjectVersion data/b"],
        ),
        ("ListObjectVersions", {"Bucket": "data"}, ["s3:ListBucketVersions data"]),
    ],
)
def test_what_an_operation_takes(takes: Any, operation: str, parameters: Any, taken: list[str]) -> None:
    assert takes("s3", operation, **parameters) == taken


def test_a_listing_says_its_prefix(by_action: Any) -> None:
    found = by_action("s3", "ListObjectsV2", Bucket="data", Prefix="a/", MaxKeys=5)
    assert found["s3:ListBucket"].context == COMMON | {"s3:prefix": "a/", "s3:max-keys": "5"}


@pytest.mark.parametrize(
    ("operation", "parameters", "action", "context"),
    [
        (
            "PutObject",
            AT | {"StorageClass": "GLACIER", "ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "k", "Tagging": "a=1"},
            "s3:PutObject",
            {
                "s3:x-amz-storage-class": "GLACIER",
                "s3:x-amz-server-side-encryption": "aws:kms",
                "s3:x-amz-server-side-encryption-aws-kms-key-id": KEY,
                "s3:RequestObjectTag/a": "1",
                "s3:RequestObjectTagKeys": ["a"],
            },
        ),
        (
            "PutObject",
            AT | {"ACL": "private", "GrantRead": "id=1"},
            "s3:PutObject",
            {"s3:x-amz-acl": "private", "s3:x-amz-grant-read": "id=1"},
        ),
        (
            "PutObject",
            AT | {"ObjectLockMode": "GOVERNANCE", "ObjectLockRetainUntilDate": datetime(2030, 1, 2, tzinfo=UTC)},
            "s3:PutObjectRetention",
            {"s3:object-lock-mode": "GOVERNANCE", "s3:object-lock-retain-until-date": "2030-01-02T00:00:00Z"},
        ),
        (
            "CopyObject",
            AT | {"CopySource": "/raw/a%20b?versionId=v", "MetadataDirective": "REPLACE"},
            "s3:PutObject",
            {"s3:x-amz-copy-source": "raw/a b", "s3:x-amz-metadata-directive": "REPLACE"},
        ),
        ("PutBucketAcl", {"Bucket": "data", "ACL": "public-read"}, "s3:PutBucketAcl", {"s3:x-amz-acl": "public-read"}),
        (
            "PutObjectTagging",
            AT | {"Tagging": {"TagSet": [{"Key": "a", "Value": "1"}]}},
            "s3:PutObjectTagging",
            {"s3:RequestObjectTag/a": "1", "s3:RequestObjectTagKeys": ["a"]},
        ),
        ("DeleteObject", AT | {"VersionId": "v"}, "s3:DeleteObjectVersion", {"s3:VersionId": "v"}),
    ],
)
def test_condition_keys(by_action: Any, operation: str, parameters: Any, action: str, context: Any) -> None:
    assert by_action("s3", operation, **parameters)[action].context == COMMON | context


def test_a_bucket_passes_its_replications_role(by_action: Any) -> None:
    role = "arn:aws:iam::123456789012:role/r"
    found = by_action("s3", "PutBucketReplication", Bucket="data", ReplicationConfiguration={"Role": role})
    assert found["iam:PassRole"].resource == role
    assert found["iam:PassRole"].context == {"iam:PassedToService": "s3.amazonaws.com"}


@pytest.mark.parametrize(("bucket", "of"), [("data", "data/k"), ("shared", "shared")])
def test_a_key_is_used_for_an_object_or_for_a_whole_bucket(by_action: Any, bucket: str, of: str) -> None:
    use = by_action("s3", "PutObject", Bucket=bucket, Key="k")["kms:GenerateDataKey"]
    assert use.via == "s3.amazonaws.com"
    assert use.context["kms:ViaService"] == "s3.us-east-1.amazonaws.com"
    assert use.context["kms:EncryptionContext:aws:s3:arn"] == f"arn:aws:s3:::{of}"
