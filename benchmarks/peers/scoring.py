# mypy: ignore-errors
"""The model of `containers/forest` as others serve it: rows of CSV to predictions, by onnxruntime and little else.

The servers that are compared bring no preprocessing of their own for a row of text and numbers, so each of them is
given this, which is less than any user would write: it checks nothing.
"""

import csv
import json

import numpy as np
import onnxruntime


class Scorer:
    """The model in a folder, on one thread."""

    def __init__(self, folder):
        columns = json.loads((folder / "manifest.json").read_text("utf-8"))["columns"]
        self.numbers = [index for index, column in enumerate(columns) if column["kind"] == "number"]
        self.strings = [index for index, column in enumerate(columns) if column["kind"] == "category"]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])

    def __call__(self, body):
        """Predict rows of CSV, text or bytes, and return a prediction a line."""
        text = body if isinstance(body, str) else body.decode()
        rows = list(csv.reader(text.splitlines()))
        numbers = [[float(row[index] or "nan") for index in self.numbers] for row in rows]
        strings = [[row[index] for index in self.strings] for row in rows]
        inputs = {"numbers": np.array(numbers, np.float32), "strings": np.array(strings, object)}
        return "".join(f"{value}\n" for value in self.session.run(None, inputs)[0].ravel().tolist())
