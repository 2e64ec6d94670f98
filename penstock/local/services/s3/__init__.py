"""Amazon S3 in the local cloud: what moto's buckets lack."""

from penstock.local.services.s3.checksums import Checksums
from penstock.local.services.s3.notifications import Notifications

__all__ = ["Checksums", "Notifications"]
