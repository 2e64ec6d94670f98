"""What the programs of a run are told of the spec: `settings.json`, beside the hyperparameters of the run."""

from typing import Any

from penstock.spec.metrics import as_text
from penstock.spec.pipeline import Pipeline
from penstock.spec.sections.check import Check, ColumnCheck


def settings(pipeline: Pipeline) -> dict[str, Any]:
    """Return what `check`, `evaluate` and `gate` say of the data and the model, as JSON.

    What only the jobs themselves have (instances, disks, times) is not in it. `gate` is null without a gate, `drift`
    without a check of it; a column has only what is asked of it.
    """
    evaluate, gate = pipeline.evaluate, pipeline.gate
    return {
        "check": _check(pipeline.check),
        "evaluate": evaluate.model_dump(include={"confidence", "resamples", "positive_rate"}),
        "gate": gate.model_dump() if gate else None,
    }


def _check(check: Check) -> dict[str, Any]:
    return {
        "maximum_empty_percent": check.maximum_empty_percent,
        "drift": check.drift.model_dump() if check.drift else None,
        "columns": {name: _column(column) for name, column in check.columns.items()},
    }


def _column(column: ColumnCheck) -> dict[str, Any]:
    """Return the rules of a column; a list of values refuses others, and the cells are text."""
    rules = column.model_dump(exclude_none=True)
    if column.values is not None:
        rules |= {"values": [as_text(value) for value in column.values], "new_values": "refuse"}
    return rules
