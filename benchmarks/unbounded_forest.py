# mypy: ignore-errors
"""The peer of `forest_benchmark.py`: 500 trees without bounds, in scikit-learn alone.

It runs in the container's environment, with the container's own modules: the same rows, splits and encoding.
`python unbounded_forest.py <base folder> <number of splits>` prints a hold-out RMSE for each split seed.
"""

import dataclasses
import sys
from pathlib import Path

import numpy as np
from forest.dataset import make_dataset
from forest.hyperparameters import Forest, read_hyperparameters
from forest.model import fit, table_of
from forest.split import held_out
from forest.table import read_table

base = Path(sys.argv[1])
hyperparameters = dataclasses.replace(
    read_hyperparameters(base / "input/config/hyperparameters.json"),
    forest=Forest(n_estimators=500, min_samples_leaf=1, max_features=1.0, max_depth=None, seed=0),
)
table = read_table(base / "input/data/train", hyperparameters.target)
dataset = make_dataset(table, hyperparameters)
for seed in range(int(sys.argv[2])):
    mask = held_out(table, dataclasses.replace(hyperparameters.split, seed=seed))
    pipeline = fit(dataset.features.part(~mask), dataset.target[~mask], hyperparameters)
    predicted = pipeline.predict(table_of(dataset.features.part(mask)))
    print(np.sqrt(np.mean((predicted - dataset.target[mask]) ** 2)), flush=True)
