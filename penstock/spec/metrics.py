"""The metrics of each kind of problem, and the hyperparameters that tell a container what to learn."""

import json
from collections.abc import Mapping
from operator import attrgetter

from penstock.spec.pipeline import Pipeline

# The first of each is the primary one. Containers print all of them for the held-out rows.
METRICS: Mapping[str, tuple[str, ...]] = {
    "regression": ("rmse", "mae", "r2"),
    "binary": ("accuracy", "precision", "recall", "f1", "auc"),
    "multiclass": ("accuracy", "f1_macro", "f1_weighted"),
}
# The hyperparameters that every container is given beside the user's own, and the keys that set them.
OUR_HYPERPARAMETERS: Mapping[str, str] = {
    "problem": "problem",
    "target": "data.target",
    "columns": "data.columns",
    "minimum_rows": "data.minimum_rows",
    "split_method": "data.split.method",
    "split_test": "data.split.test",
    "split_seed": "data.split.seed",
    "split_key": "data.split.key",
}


def training_hyperparameters(pipeline: Pipeline) -> dict[str, str]:
    """Return everything that the container receives, as text; `columns` and `split_key` only if the spec has them."""
    ours = {name: attrgetter(key)(pipeline) for name, key in OUR_HYPERPARAMETERS.items()}
    values = {**ours, **pipeline.train.hyperparameters}
    return {name: as_text(value) for name, value in values.items() if value not in (None, ())}


def as_text(value: object) -> str:
    """Return a value as a container receives it: text as it is, anything else as compact JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
