"""Penstock: SageMaker pipelines in AWS CDK that run on a laptop exactly as they are deployed."""
