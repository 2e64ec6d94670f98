"""LightGBM on one thread, unless it is told otherwise.

Its OpenMP would take a thread for each core, in every process: on a busy machine these wait for each other, and small
data take a hundred times as long as on one. It reads the variable while it is loaded.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

try:
    from lightgbm import Booster, Dataset, EarlyStopException, train
    from lightgbm.callback import CallbackEnv
except OSError as error:
    raise ImportError(
        f"Install OpenMP's library, libgomp1 on Debian and Ubuntu, libomp on macOS: LightGBM cannot be loaded: {error}."
    ) from error

__all__ = ["Booster", "CallbackEnv", "Dataset", "EarlyStopException", "train"]
