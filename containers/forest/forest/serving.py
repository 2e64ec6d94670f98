"""Serve the model: what the executable `serve` runs."""

import os
import signal
import sys
from pathlib import Path

import uvicorn

from forest.app import create_app
from forest.errors import ModelError
from forest.predictor import load

IDLE_SECONDS = 75  # longer than the callers' own limit: a connection must not close as a request sets out on it
DRAIN_SECONDS = 25  # SageMaker kills a container 30 seconds after SIGTERM


def main() -> int:
    """Serve the model below `SAGEMAKER_BASE_DIR` until SIGTERM; return the exit code."""
    # Also for a SIGTERM before uvicorn listens, and when uvicorn raises it again after the last request.
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(0))
    base = Path(os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml"))
    port = os.environ.get("SAGEMAKER_BIND_TO_PORT", "8080")
    if not port.isdecimal():
        sys.stderr.write(f"Set SAGEMAKER_BIND_TO_PORT to a port number: it is {port!r}.\n")
        return 1
    try:
        predictor, manifest = load(base / "model")
    except ModelError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    uvicorn.run(
        create_app(predictor, manifest),
        host=os.environ.get("BIND_HOST", "0.0.0.0"),  # noqa: S104 (a container is reached from outside)
        port=int(port),
        access_log=False,
        lifespan="off",
        ws="none",
        server_header=False,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
    return 0
