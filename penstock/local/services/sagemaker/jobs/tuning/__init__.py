"""Hyperparameter tuning jobs: many training jobs, and a search that chooses their hyperparameters.

https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning.html
"""
