"""The metrics of each kind of problem, and the hyperparameters that tell a container what to learn."""

import json
from collections.abc import Mapping
from operator import attrgetter
from typing import Literal

from penstock.spec.pipeline import Pipeline

Direction = Literal["minimise", "maximise"]

# The first of each is the primary one. Evaluation has all of them, and containers print those that they know.
METRICS: Mapping[str, tuple[str, ...]] = {
    "regression": ("rmse", "mae", "mape", "mse", "r2"),
    "binary": ("accuracy", "precision", "recall", "f1", "auc"),
    "multiclass": ("accuracy", "f1_macro", "f1_weighted"),
    "clustering": ("silhouette", "davies_bouldin", "purity", "nmi"),
    "anomaly": ("anomaly_percent", "auc", "precision", "recall", "f1"),
}
# Those that compare with a target, of problems that may have none.
NEED_TARGET: Mapping[str, tuple[str, ...]] = {
    "clustering": ("purity", "nmi"),
    "anomaly": ("auc", "precision", "recall", "f1"),
}
_MINIMISED = ("rmse", "mae", "mape", "mse", "davies_bouldin", "anomaly_percent")
# Which way each is better.
DIRECTIONS: Mapping[str, Direction] = {
    metric: "minimise" if metric in _MINIMISED else "maximise" for metrics in METRICS.values() for metric in metrics
}
# The hyperparameters that every container is given beside the user's own, and the keys that set them.
OUR_HYPERPARAMETERS: Mapping[str, str] = {
    "problem": "problem",
    "target": "data.target",
    "columns": "data.columns",
    "minimum_rows": "data.minimum_rows",
    "split_method": "data.split.method",
    "split_validation": "data.split.validation",
    "split_test": "data.split.test",
    "split_seed": "data.split.seed",
    "split_key": "data.split.key",
}


def training_hyperparameters(pipeline: Pipeline) -> dict[str, str]:
    """Return everything that the container receives, as text; `columns` and `split_key` only if the spec has them."""
    ours = {name: attrgetter(key)(pipeline) for name, key in OUR_HYPERPARAMETERS.items()}
    values = {**ours, **pipeline.train.hyperparameters}
    return {name: as_text(value) for name, value in values.items() if value not in (None, ())}


def tuning_metric(pipeline: Pipeline) -> str:
    """Return the metric that the best of a tuning job's training jobs is best in."""
    chosen = pipeline.tune.metric if pipeline.tune else None
    return chosen or METRICS[pipeline.problem][0]


def as_text(value: object) -> str:
    """Return a value as a container receives it: text as it is, anything else as compact JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
