# mypy: ignore-errors
"""Serve as the tutorials do: Flask, pandas, a pickle that each worker loads when it is first asked."""

import io
import os
import pickle
from functools import cache
from pathlib import Path

import flask
import pandas as pd
from preprocessing import prepare

app = flask.Flask(__name__)


@cache
def model():
    """Load the model."""
    with (Path(os.environ["MODEL"]) / "model.pkl").open("rb") as file:
        return pickle.load(file)  # noqa: S301 (that is how they do it)


@app.get("/ping")
def ping():
    """Answer once the model is loaded."""
    model()
    return flask.Response("\n", mimetype="application/json")


@app.post("/invocations")
def invocations():
    """Predict rows of CSV without a header."""
    if flask.request.content_type != "text/csv":
        return flask.Response("This predictor only supports CSV data", 415, mimetype="text/plain")
    found = model()
    table = pd.read_csv(io.StringIO(flask.request.data.decode("utf-8")), header=None, names=found["features"])
    predictions = found["model"].predict(prepare(table, found["encoders"], found["filled"]))
    out = io.StringIO()
    pd.DataFrame({"results": predictions}).to_csv(out, header=False, index=False)
    return flask.Response(out.getvalue(), mimetype="text/csv")
