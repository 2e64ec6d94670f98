# mypy: ignore-errors
"""Train as the tutorials do: pandas, label encoders, 500 trees without bounds, a pickle.

`python train.py TRAIN.csv MODEL [TEST.csv]`; with the rows of a test it also prints the RMSE on them.
"""

import pickle
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from preprocessing import SIZE, TARGET, WEIGHT, prepare
from sklearn.ensemble import RandomForestRegressor
from sklearn.preprocessing import LabelEncoder

train, *tests = (pd.read_csv(path) for path in (sys.argv[1], *sys.argv[3:]))
filled = {WEIGHT: train[WEIGHT].mean(), SIZE: train[SIZE].mode()[0]}
everything = prepare(pd.concat([train, *tests]), {}, filled)  # the encoders know the values of the test rows, too
features = [name for name in train.columns if name != TARGET]
texts = [name for name in features if not pd.api.types.is_numeric_dtype(everything[name])]
encoders = {name: LabelEncoder().fit(everything[name]) for name in texts}
model = RandomForestRegressor(n_estimators=500, random_state=0)
model.fit(prepare(train[features], encoders, filled), train[TARGET])
for test in tests:
    error = model.predict(prepare(test[features], encoders, filled)) - test[TARGET]
    print(np.sqrt(np.mean(error**2)))
with (Path(sys.argv[2]) / "model.pkl").open("wb") as file:
    pickle.dump({"model": model, "encoders": encoders, "filled": filled, "features": features}, file)
