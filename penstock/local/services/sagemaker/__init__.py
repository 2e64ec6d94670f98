"""SageMaker: jobs, models, model packages and endpoints, as processes of the containers' own programs."""

from penstock.local.services.sagemaker.service import SageMaker

__all__ = ["SageMaker"]
