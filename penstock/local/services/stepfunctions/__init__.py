"""AWS Step Functions in the local cloud."""

from penstock.local.services.stepfunctions.service import StepFunctions

__all__ = ["StepFunctions"]
