"""Amazon CloudWatch: metrics of what happens in the cloud, and the alarms on them."""

from penstock.local.services.cloudwatch.metrics import Metrics
from penstock.local.services.cloudwatch.service import CloudWatch

__all__ = ["CloudWatch", "Metrics"]
