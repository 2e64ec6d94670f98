"""Application Auto Scaling: the instance counts of endpoint variants follow what they are asked."""

from penstock.local.services.autoscaling.service import AutoScaling

__all__ = ["AutoScaling"]
