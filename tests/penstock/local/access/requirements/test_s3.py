from typing import Any

import pytest

AT = {"Bucket": "data", "Key": "a/k"}


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
    assert found["s3:ListBucket"].context == {"s3:prefix": "a/", "s3:max-keys": "5"}


@pytest.mark.parametrize(("bucket", "of"), [("data", "data/k"), ("shared", "shared")])
def test_a_key_is_used_for_an_object_or_for_a_whole_bucket(by_action: Any, bucket: str, of: str) -> None:
    use = by_action("s3", "PutObject", Bucket=bucket, Key="k")["kms:GenerateDataKey"]
    assert use.via == "s3.amazonaws.com"
    assert use.context["kms:ViaService"] == "s3.us-east-1.amazonaws.com"
    assert use.context["kms:EncryptionContext:aws:s3:arn"] == f"arn:aws:s3:::{of}"
