"""Buckets: versioned, encrypted, private, reached by TLS only; they outlive their stack."""

from collections.abc import Mapping, Sequence
from typing import Any

import aws_cdk as cdk
from constructs import Construct

from penstock_constructs.key import Key
from penstock_constructs.policy import Statement, allow_service, document, tls_only
from penstock_constructs.resource import arn_of, lasting, resource

LifecycleRule = Mapping[str, Any]


class LogBucket(Construct):
    """A bucket that S3 delivers other buckets' access logs to, which keeps them for a year.

    S3 delivers to no bucket that is encrypted with a customer's key, so this one has S3's own:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
    """

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        year = {
            "Id": "ExpireLogs",
            "Status": "Enabled",
            "ExpirationInDays": 365,
            "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
        }
        bucket = _bucket(
            self, encryption={"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}, lifecycle=[year]
        )
        self.name: str = bucket.ref
        self.arn = arn_of(bucket)
        deliver = allow_service("DeliverLogs", "logging.s3", "s3:PutObject", f"{self.arn}/*")
        _policy(self, self.name, self.arn, deliver)


class Bucket(Construct):
    """A bucket that is encrypted with `key` and whose every access is recorded in `logs`, under its construct's id.

    Abandoned uploads are removed after a week, and delete markers with nothing behind them; whatever else is to expire,
    `lifecycle` says.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, key: Key, logs: LogBucket, lifecycle: Sequence[LifecycleRule]
    ) -> None:
        super().__init__(scope, construct_id)
        bucket = _bucket(
            self,
            encryption={
                "ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key.arn},
                "BucketKeyEnabled": True,  # one call to KMS for many objects
            },
            lifecycle=lifecycle,
            logging={"DestinationBucketName": logs.name, "LogFilePrefix": f"{construct_id.lower()}/"},
        )
        self.name: str = bucket.ref
        self.arn = arn_of(bucket)
        _policy(self, self.name, self.arn)


def _bucket(
    scope: Construct,
    *,
    encryption: Mapping[str, Any],
    lifecycle: Sequence[LifecycleRule],
    logging: Mapping[str, str] | None = None,
) -> cdk.CfnResource:
    abandoned = {
        "Id": "AbortAbandonedUploads",
        "Status": "Enabled",
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    }
    # What is left of an object whose versions have all expired.
    markers = {"Id": "RemoveLoneDeleteMarkers", "Status": "Enabled", "ExpiredObjectDeleteMarker": True}
    blocked = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
    return lasting(
        scope,
        "Resource",
        "AWS::S3::Bucket",
        {
            "BucketEncryption": {"ServerSideEncryptionConfiguration": [encryption]},
            "LifecycleConfiguration": {"Rules": [abandoned, markers, *lifecycle]},
            "LoggingConfiguration": logging,
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
            "PublicAccessBlockConfiguration": dict.fromkeys(blocked, True),
            "VersioningConfiguration": {"Status": "Enabled"},
        },
    )


def _policy(scope: Construct, name: str, arn: str, *statements: Statement) -> None:
    policy = document([tls_only("s3:*", [arn, f"{arn}/*"]), *statements])
    resource(scope, "Policy", "AWS::S3::BucketPolicy", {"Bucket": name, "PolicyDocument": policy})
