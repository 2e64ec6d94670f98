"""Amazon SQS in the local cloud: what moto's queues lack."""

from penstock.local.services.sqs.queues import Queues

__all__ = ["Queues"]
