"""What a rollback of a batch pipeline goes by: it has no endpoint that says what serves."""

import json
from typing import Any

import pytest

from penstock.errors import RunError
from penstock.run.rollback import predicted_last

ROWS = "s3://data/rows.csv"


class States:
    """A state machine with executions, the newest first: how each has ended, its outcome and its generation."""

    def __init__(self, *runs: tuple[str, str, int]) -> None:
        self.runs = runs

    def get_paginator(self, _operation: str) -> Any:
        return self

    def paginate(self, **_request: str) -> list[Any]:
        runs = [{"executionArn": str(number), "status": run[0]} for number, run in enumerate(self.runs)]
        return [{"executions": runs}]

    def describe_execution(self, executionArn: str) -> Any:  # noqa: N803 (as boto3 has it)
        _, outcome, generation = self.runs[int(executionArn)]
        given = {"data": "s3://data/train.csv", "predict": ROWS}
        return {"input": json.dumps(given), "output": json.dumps({"outcome": outcome, "generation": generation})}


def test_it_predicts_again_for_the_rows_of_the_last_run_that_has_predicted() -> None:
    states = States(("FAILED", "", 0), ("SUCCEEDED", "REJECTED", 5), ("SUCCEEDED", "DEPLOYED", 4))
    assert predicted_last(states, "machine", "sales") == (4, {"predict": ROWS})


def test_without_a_run_that_has_predicted_it_says_so() -> None:
    with pytest.raises(RunError, match="sales has not predicted yet: `penstock local run sales --predict FILE` does"):
        predicted_last(States(("FAILED", "", 0)), "machine", "sales")
