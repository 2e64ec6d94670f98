"""Gradient boosting by LightGBM, which reads missing values and categories as they are."""
