"""SageMaker: training jobs, models and endpoints, as processes of the containers' own programs."""

from penstock.local.services.sagemaker.service import SageMaker

__all__ = ["SageMaker"]
