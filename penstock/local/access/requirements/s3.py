"""What S3's operations take.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
"""

from collections.abc import Iterator
from dataclasses import replace

from penstock.local.access.requirement import Requirement
from penstock.local.access.requirements import s3_keys
from penstock.local.access.requirements.kms import using
from penstock.local.access.requirements.rules import Asked, Rule, Rules, also, given, on, passing, table, within

_ARN = "arn:{partition}:s3:::"
_BUCKET = (
    "DeleteBucket GetBucketLocation GetBucketVersioning PutBucketVersioning GetBucketPolicy"
    " PutBucketPolicy DeleteBucketPolicy GetBucketPolicyStatus GetBucketAcl PutBucketAcl GetBucketLogging"
    " PutBucketLogging GetBucketTagging PutBucketTagging DeleteBucketTagging=PutBucketTagging"
    " GetBucketOwnershipControls PutBucketOwnershipControls DeleteBucketOwnershipControls=PutBucketOwnershipControls"
    " GetPublicAccessBlock=GetBucketPublicAccessBlock PutPublicAccessBlock=PutBucketPublicAccessBlock"
    " DeletePublicAccessBlock=PutBucketPublicAccessBlock GetBucketEncryption=GetEncryptionConfiguration"
    " PutBucketEncryption=PutEncryptionConfiguration DeleteBucketEncryption=PutEncryptionConfiguration"
    " GetBucketLifecycleConfiguration=GetLifecycleConfiguration"
    " PutBucketLifecycleConfiguration=PutLifecycleConfiguration DeleteBucketLifecycle=PutLifecycleConfiguration"
    " GetBucketNotificationConfiguration=GetBucketNotification"
    " PutBucketNotificationConfiguration=PutBucketNotification GetBucketCors=GetBucketCORS PutBucketCors=PutBucketCORS"
    " DeleteBucketCors=PutBucketCORS GetBucketReplication=GetReplicationConfiguration"
    " PutBucketReplication=PutReplicationConfiguration GetBucketRequestPayment PutBucketRequestPayment GetBucketWebsite"
    " PutBucketWebsite DeleteBucketWebsite GetBucketAccelerateConfiguration=GetAccelerateConfiguration"
    " PutBucketAccelerateConfiguration=PutAccelerateConfiguration"
    " GetObjectLockConfiguration=GetBucketObjectLockConfiguration"
    " PutObjectLockConfiguration=PutBucketObjectLockConfiguration"
    " HeadBucket=ListBucket ListObjects=ListBucket ListObjectsV2=ListBucket ListObjectVersions=ListBucketVersions"
    " ListMultipartUploads=ListBucketMultipartUploads"
)
# What each does with the version that it names has an action of its own.
_VERSIONED = {
    "GetObjectAcl": "GetObjectVersionAcl",
    "PutObjectAcl": "PutObjectVersionAcl",
    "GetObjectTagging": "GetObjectVersionTagging",
    "PutObjectTagging": "PutObjectVersionTagging",
    "DeleteObjectTagging": "DeleteObjectVersionTagging",
    "DeleteObject": "DeleteObjectVersion",
}
_OBJECT = (
    "AbortMultipartUpload ListParts=ListMultipartUploadParts GetObjectRetention PutObjectRetention GetObjectLegalHold"
    " PutObjectLegalHold RestoreObject"
)


def _object(asked: Asked, key: str | None = None) -> str:
    return f"arn:{asked.partition}:s3:::{asked['Bucket']}/{key or asked['Key']}"


def _listing(asked: Asked) -> dict[str, str]:
    keys = {"s3:prefix": "Prefix", "s3:delimiter": "Delimiter", "s3:max-keys": "MaxKeys"}
    return {key: str(asked[name]) for key, name in keys.items() if asked[name] is not None}


def _encrypted(asked: Asked, key: str, actions: str, resource: str) -> Iterator[Requirement]:
    bucket = resource.partition("/")[0]
    _, shared = asked.state.bucket_key(bucket.rpartition(":")[2])
    context = {"kms:EncryptionContext:aws:s3:arn": bucket if shared else resource}
    yield from using(asked, key, actions, "s3", context | {"kms:EncryptionContextKeys": ["aws:s3:arn"]})


def _reads(asked: Asked, bucket: str, key: str, version: str | None, *, decrypts: bool = True) -> Iterator[Requirement]:
    resource = f"arn:{asked.partition}:s3:::{bucket}/{key}"
    context = s3_keys.existing(asked, bucket, key, version)
    yield Requirement("s3:GetObjectVersion" if version else "s3:GetObject", resource, context)
    kms = asked.state.object_key(bucket, key, version)
    if kms is None:
        # Who may not list the bucket is not to hear that there is no such object.
        listed = "s3:ListBucketVersions" if version else "s3:ListBucket"
        yield Requirement(listed, f"arn:{asked.partition}:s3:::{bucket}")
    elif decrypts:
        yield from _encrypted(asked, kms, "Decrypt", resource)


def _get(asked: Asked) -> Iterator[Requirement]:
    yield from _reads(asked, asked["Bucket"], asked["Key"], asked["VersionId"])


def _head(asked: Asked) -> Iterator[Requirement]:
    decrypts = asked["ChecksumMode"] == "ENABLED"
    yield from _reads(asked, asked["Bucket"], asked["Key"], asked["VersionId"], decrypts=decrypts)


def _attributes(asked: Asked) -> Iterator[Requirement]:
    yield from _get(asked)
    version = "Version" if asked["VersionId"] else ""
    yield Requirement(f"s3:GetObject{version}Attributes", _object(asked))


def _new_key(asked: Asked) -> str:
    """Return the key that a new object is encrypted with: the call's own, or the bucket's."""
    if asked["ServerSideEncryption"] == "AES256":
        return ""
    return asked.state.key(asked["SSEKMSKeyId"]) or asked.state.bucket_key(asked["Bucket"])[0]


def _put(asked: Asked) -> Iterator[Requirement]:
    tags, acl, lock = s3_keys.tags(asked), s3_keys.acl(asked), s3_keys.lock(asked)
    yield Requirement("s3:PutObject", _object(asked), s3_keys.writing(asked))
    if tags:
        yield Requirement("s3:PutObjectTagging", _object(asked), tags)
    if acl:
        yield Requirement("s3:PutObjectAcl", _object(asked), acl)
    if asked["ObjectLockMode"] or asked["ObjectLockRetainUntilDate"]:
        yield Requirement("s3:PutObjectRetention", _object(asked), lock)
    if asked["ObjectLockLegalHoldStatus"]:
        yield Requirement("s3:PutObjectLegalHold", _object(asked), lock)
    yield from _encrypted(asked, _new_key(asked), "GenerateDataKey", _object(asked))


def _source(asked: Asked) -> Iterator[Requirement]:
    bucket, key, version = s3_keys.copied(asked)
    yield from _reads(asked, bucket, key, version)


def _part(asked: Asked) -> Iterator[Requirement]:
    yield Requirement("s3:PutObject", _object(asked))
    yield from _encrypted(asked, asked.state.bucket_key(asked["Bucket"])[0], "Decrypt", _object(asked))


def _delete_all(asked: Asked) -> Iterator[Requirement]:
    for one in asked["Delete.Objects"] or ():
        version = "Version" if one.get("VersionId") else ""
        yield Requirement(f"s3:DeleteObject{version}", _object(asked, one["Key"]))
        if asked["BypassGovernanceRetention"]:
            yield Requirement("s3:BypassGovernanceRetention", _object(asked, one["Key"]))


def _create_bucket(asked: Asked) -> Iterator[Requirement]:
    bucket, acl = f"arn:{asked.partition}:s3:::{asked['Bucket']}", s3_keys.acl(asked)
    yield Requirement("s3:CreateBucket", bucket, acl)
    if acl and acl != {"s3:x-amz-acl": "private"}:
        yield Requirement("s3:PutBucketAcl", bucket, acl)
    if asked["ObjectLockEnabledForBucket"]:
        yield Requirement("s3:PutBucketObjectLockConfiguration", bucket)
        yield Requirement("s3:PutBucketVersioning", bucket)
    if asked["ObjectOwnership"]:
        yield Requirement("s3:PutBucketOwnershipControls", bucket)


def _by_version(asked: Asked) -> Iterator[Requirement]:
    action = _VERSIONED[asked.operation] if asked["VersionId"] else asked.operation
    yield Requirement(f"s3:{action}", _object(asked), s3_keys.changing(asked))


def _signed(rule: Rule) -> Rule:
    """Return a rule with the condition keys that all of S3's actions have."""

    def rule_signed(asked: Asked) -> Iterator[Requirement]:
        for one in rule(asked):
            own = s3_keys.common(asked) if one.action.startswith("s3:") else {}
            yield replace(one, context={**own, **one.context})

    return rule_signed


RULES: Rules = {
    **table("s3", {"*": "ListBuckets=ListAllMyBuckets", "{Bucket}": _BUCKET, "{Bucket}/{Key}": _OBJECT}, arn=_ARN),
    **dict.fromkeys(_VERSIONED, _by_version),
    "CreateBucket": _create_bucket,
    "GetObject": _get,
    "HeadObject": _head,
    "GetObjectAttributes": _attributes,
    "PutObject": _put,
    "CreateMultipartUpload": _put,
    "UploadPart": _part,
    "CompleteMultipartUpload": _part,
    "UploadPartCopy": lambda asked: (*_source(asked), *_part(asked)),
    "CopyObject": lambda asked: (*_source(asked), *_put(asked)),
    "DeleteObjects": _delete_all,
}
for _name in ("ListObjects", "ListObjectsV2", "ListObjectVersions"):
    RULES[_name] = within(RULES[_name], _listing)
RULES["PutBucketAcl"] = within(RULES["PutBucketAcl"], s3_keys.acl)
also(
    RULES,
    "DeleteObject PutObjectRetention",
    given("BypassGovernanceRetention", on("s3:BypassGovernanceRetention", "{Bucket}/{Key}", arn=_ARN)),
)
also(RULES, "PutBucketReplication", passing("ReplicationConfiguration.Role", "s3.amazonaws.com"))
RULES = {name: _signed(rule) for name, rule in RULES.items()}
