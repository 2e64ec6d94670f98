"""The condition keys of S3's actions.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html
"""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qs, unquote

from penstock.local.access.context import Value
from penstock.local.access.requirements import contents
from penstock.local.access.requirements.rules import Asked

_ACL = {
    "s3:x-amz-acl": "ACL",
    "s3:x-amz-grant-full-control": "GrantFullControl",
    "s3:x-amz-grant-read": "GrantRead",
    "s3:x-amz-grant-read-acp": "GrantReadACP",
    "s3:x-amz-grant-write": "GrantWrite",
    "s3:x-amz-grant-write-acp": "GrantWriteACP",
}
_LOCK = {
    "s3:object-lock-mode": "ObjectLockMode",
    "s3:object-lock-retain-until-date": "ObjectLockRetainUntilDate",
    "s3:object-lock-legal-hold": "ObjectLockLegalHoldStatus",
}
_WRITING = {
    "s3:x-amz-storage-class": "StorageClass",
    "s3:x-amz-server-side-encryption": "ServerSideEncryption",
    "s3:x-amz-server-side-encryption-customer-algorithm": "SSECustomerAlgorithm",
    "s3:x-amz-metadata-directive": "MetadataDirective",
    "s3:x-amz-website-redirect-location": "WebsiteRedirectLocation",
}


def common(asked: Asked) -> Mapping[str, Value]:
    """Return the keys that every action has; how a presigned URL is signed is not told apart."""
    return {"s3:ResourceAccount": asked.account, "s3:signatureversion": "AWS4-HMAC-SHA256"}


def acl(asked: Asked) -> dict[str, str]:
    """Return the keys of who else is to have access; none if nobody is named."""
    return _given(asked, _ACL)


def lock(asked: Asked) -> dict[str, str]:
    """Return the keys of how long an object is to be kept; none if it need not be."""
    return _given(asked, _LOCK)


def tags(asked: Asked) -> dict[str, Value]:
    """Return the keys of the tags that a new object is to have; none if it is to have none, or those of its source."""
    if not asked["Tagging"] or asked["TaggingDirective"] == "COPY":
        return {}
    return _tagged({name: values[0] for name, values in parse_qs(asked["Tagging"], keep_blank_values=True).items()})


def writing(asked: Asked) -> dict[str, Value]:
    """Return the keys of writing an object."""
    context: dict[str, Value] = {**_given(asked, _WRITING), **acl(asked), **lock(asked), **tags(asked)}
    if asked["SSEKMSKeyId"]:
        context["s3:x-amz-server-side-encryption-aws-kms-key-id"] = asked.state.key(asked["SSEKMSKeyId"])
    if asked["CopySource"]:
        context["s3:x-amz-copy-source"] = "/".join(copied(asked)[:2])
    return context


def existing(asked: Asked, bucket: str, key: str, version: str | None) -> dict[str, str]:
    """Return the keys of an object that there is: its version if the call names one, and its tags."""
    found = contents.object_tags(asked, bucket, key, version)
    named = {"s3:VersionId": version} if version else {}
    return named | {f"s3:ExistingObjectTag/{name}": value for name, value in found.items()}


def changing(asked: Asked) -> dict[str, Value]:
    """Return the keys of what is done to an object that there is, beside reading and writing its content."""
    if asked.operation == "DeleteObject":
        return {"s3:VersionId": asked["VersionId"]} if asked["VersionId"] else {}
    new = {tag["Key"]: tag["Value"] for tag in asked["Tagging.TagSet"] or ()}
    return {**existing(asked, asked["Bucket"], asked["Key"], asked["VersionId"]), **acl(asked), **_tagged(new)}


def copied(asked: Asked) -> tuple[str, str, str | None]:
    """Return the bucket, the key and the version of what a call copies."""
    source = asked["CopySource"]
    if not isinstance(source, str):
        return source["Bucket"], source["Key"], source.get("VersionId")
    path, _, version = source.partition("?versionId=")
    bucket, _, key = unquote(path).lstrip("/").partition("/")
    return bucket, key, version or None


def _tagged(new: Mapping[str, str]) -> dict[str, Value]:
    named: dict[str, Value] = {f"s3:RequestObjectTag/{name}": value for name, value in new.items()}
    return named | ({"s3:RequestObjectTagKeys": [*new]} if new else {})


def _given(asked: Asked, names: Mapping[str, str]) -> dict[str, str]:
    return {key: _text(asked[name]) for key, name in names.items() if asked[name]}


def _text(value: object) -> str:
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, datetime) else str(value)
