"""Serving: the HTTP side of SageMaker's contract, around any model."""
