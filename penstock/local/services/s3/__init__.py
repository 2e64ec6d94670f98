"""Amazon S3 in the local cloud: what moto's buckets lack."""

from penstock.local.services.s3.notifications import Notifications

__all__ = ["Notifications"]
