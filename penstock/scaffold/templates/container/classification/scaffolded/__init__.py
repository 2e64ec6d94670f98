"""A logistic regression: the probability of each label from a weighted sum of the columns."""
