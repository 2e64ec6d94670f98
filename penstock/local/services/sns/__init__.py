"""Amazon SNS in the local cloud: topics deliver to all their subscribers."""

from penstock.local.services.sns.topics import Topics

__all__ = ["Topics"]
