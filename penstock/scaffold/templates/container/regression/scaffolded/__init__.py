"""A ridge regression: a number as a weighted sum of the columns."""
