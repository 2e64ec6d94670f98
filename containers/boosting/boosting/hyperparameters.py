"""LightGBM's hyperparameters by its own names (https://lightgbm.readthedocs.io/en/latest/Parameters.html).

Those that draw rows (`bagging_…`) are not among them: a job that was interrupted could not draw on as it would have.
"""

from runtime.training import Rule, real, whole

LARGEST = 10_000.0
LARGEST_SEED = 2**31 - 1


def _share(text: str) -> float:
    value = real(0, 1)(text)
    if value == 0:
        raise ValueError(text)
    return value


_SHARE = "a share of the columns above 0, at most 1"
_FROM_0 = f"a number from 0 to {LARGEST:g}"

RULES = {
    "num_iterations": Rule(whole(1), "a whole number from 1", default=100),
    "learning_rate": Rule(real(0.0001, 1), "a number from 0.0001 to 1", default=0.1),
    # LightGBM's own default, 31, learns the noise of a table of some thousand rows.
    "num_leaves": Rule(whole(2, 131_072), "a whole number from 2 to 131072", default=8),
    "max_depth": Rule(whole(1), "a whole number from 1", default=None),
    "min_data_in_leaf": Rule(whole(1), "a whole number from 1", default=20),
    "min_gain_to_split": Rule(real(0, LARGEST), _FROM_0, default=0.0),
    "lambda_l1": Rule(real(0, LARGEST), _FROM_0, default=0.0),
    "lambda_l2": Rule(real(0, LARGEST), _FROM_0, default=0.0),
    "feature_fraction": Rule(_share, _SHARE, default=1.0),
    "feature_fraction_bynode": Rule(_share, _SHARE, default=1.0),
    "max_bin": Rule(whole(2, 65_535), "a whole number from 2 to 65535", default=255),
    "cat_smooth": Rule(real(0, LARGEST), _FROM_0, default=10.0),
    "cat_l2": Rule(real(0, LARGEST), _FROM_0, default=10.0),
    "max_cat_to_onehot": Rule(whole(1), "a whole number from 1", default=4),
    "early_stopping_round": Rule(whole(1), "a whole number from 1", default=None),
    "num_threads": Rule(whole(1, 1024), "a whole number from 1 to 1024", default=1),
    "seed": Rule(whole(0, LARGEST_SEED), f"a whole number from 0 to {LARGEST_SEED}", default=0),
}
