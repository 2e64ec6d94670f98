import json
from typing import Any

from penstock.run import events
from penstock.run.execution import Execution
from penstock.run.result import Result

JUDGED = {"challenger": {"run": "1", "metrics": {"rmse": 7.0}}, "champion": None, "comparison": {}}
OUTCOME = {
    "outcome": "DEPLOYED",
    "generation": 5,
    "model": "dev-p-1",
    "reasons": [],
    "metrics": {"rmse": 7.0},
    "predictions": None,
}


def taken(told: list[dict[str, Any]]) -> Result:
    result = Result("p")
    result.take(events.take_all(Execution("arn", "1"), told))
    return result


def test_a_deployed_model_has_its_generation_metrics_and_judgement(event: Any, visit: Any) -> None:
    ended = event("ExecutionSucceeded", 2, executionSucceededEventDetails={"output": json.dumps(OUTCOME)})
    result = taken([*visit("Gate", 0, 1, judged=json.dumps(JUDGED), reasons="[]"), ended])
    assert (result.status, result.outcome, result.generation, result.model) == ("SUCCEEDED", "DEPLOYED", 5, "dev-p-1")
    assert result.metrics == {"rmse": 7.0}
    assert result.gate == {"challenger": JUDGED["challenger"], "champion": None, "comparison": None, "reasons": []}
    assert result.states == [{"name": "Gate", "status": "SUCCEEDED", "seconds": 1.0}]


def test_a_run_that_did_not_get_to_the_gate_has_no_judgement(event: Any, visit: Any) -> None:
    started = visit("Prepare", 0, 1, judged=json.dumps(JUDGED), reasons="[]")
    result = taken([*started, event("ExecutionFailed", 2)])
    assert (result.status, result.outcome, result.gate) == ("FAILED", None, None)
