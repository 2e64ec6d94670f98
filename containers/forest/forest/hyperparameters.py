"""The forest's own hyperparameters, in scikit-learn's terms."""

from runtime.training.hyperparameters import Rule, one_of, real, seed, share, whole
from runtime.values import is_numeric

ALGORITHMS = ("forest", "boosting")


def _max_features(text: str) -> float | str:
    if text in ("sqrt", "log2"):
        return text
    return 1.0 if is_numeric(text) and float(text) == 1 else share(text)


RULES = {
    "algorithm": Rule(one_of(*ALGORITHMS), ", ".join(ALGORITHMS), default="forest"),
    "n_estimators": Rule(whole(1), "a whole number from 1", default=100),
    # Leaves of 25 rows and half of the columns at each split: on noisy tables better than full depth, and a fast model.
    "min_samples_leaf": Rule(whole(1), "a whole number from 1", default=25),
    "max_features": Rule(_max_features, "sqrt, log2 or a share of the columns above 0, at most 1", default=0.5),
    "max_depth": Rule(whole(1), "a whole number from 1", default=None),
    "learning_rate": Rule(real(0.0001, 1), "a number from 0.0001 to 1, with algorithm boosting", default=None),
    "seed": seed(),
}
