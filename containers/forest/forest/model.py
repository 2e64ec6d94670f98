"""The model: imputation, encoding and a forest, fitted as one scikit-learn pipeline."""

import numpy as np
from numpy.typing import NDArray
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OrdinalEncoder

from forest.dataset import Features
from forest.hyperparameters import Hyperparameters


def fit(features: Features, target: NDArray[np.generic], hyperparameters: Hyperparameters) -> Pipeline:
    """Fit the pipeline; `table_of(features)` is what it reads."""
    pipeline = Pipeline([("preprocessing", _preprocessing(features)), ("forest", _forest(hyperparameters))])
    return pipeline.fit(table_of(features), target)


def table_of(features: Features) -> NDArray[np.object_]:
    """Put numbers and strings side by side, as scikit-learn wants them."""
    return np.hstack([features.numbers.astype(object), features.strings])


def _preprocessing(features: Features) -> ColumnTransformer:
    """Impute numbers and encode categories, in the way that ONNX repeats exactly.

    An empty string is a category like any other, without an imputer. `max_categories`, NaN in a string column and NaN
    for an unknown category would each give other answers in ONNX, silently.
    """
    width = features.numbers.shape[1]
    steps = [
        ("numbers", SimpleImputer(strategy="median", keep_empty_features=True), list(range(width))),
        (
            "strings",
            OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1),
            list(range(width, width + features.strings.shape[1])),
        ),
    ]
    return ColumnTransformer([step for step in steps if step[2]])


def _forest(hyperparameters: Hyperparameters) -> RandomForestRegressor | RandomForestClassifier:
    forest = hyperparameters.forest
    kind = RandomForestRegressor if hyperparameters.problem == "regression" else RandomForestClassifier
    return kind(
        n_estimators=forest.n_estimators,
        min_samples_leaf=forest.min_samples_leaf,
        max_features=forest.max_features,
        max_depth=forest.max_depth,
        random_state=forest.seed,
        n_jobs=-1,
    )
