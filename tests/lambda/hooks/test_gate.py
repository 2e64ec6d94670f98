import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.response import StreamingBody
from botocore.stub import Stubber

from hooks.gate import handler

Stub = Callable[[str], Stubber]
FOLDER = "s3://artefacts/bigmart/runs/7c1f09ab/evaluation/"
PENSTOCK = {"rows": 852, "metrics": {"rmse": 1043.7}, "champion": None, "comparison": None, "not_compared": ""}


@pytest.fixture
def decide(stub: Stub) -> Callable[..., Any]:
    def run(at_most: float, champion: dict[str, Any]) -> Any:
        body = json.dumps({"regression_metrics": {}, "penstock": PENSTOCK}).encode()
        asked = {"Bucket": "artefacts", "Key": "bigmart/runs/7c1f09ab/evaluation/evaluation.json"}
        stub("s3").add_response("get_object", {"Body": StreamingBody(io.BytesIO(body), len(body))}, asked)
        rules = {"metric": "rmse", "at_most": at_most}
        return handler({"run": "7c1f09ab", "evaluation": FOLDER, "champion": champion, "rules": rules}, None)

    return run


def test_a_good_model_passes(decide: Callable[..., Any]) -> None:
    assert decide(1300, {}) == {
        "passed": True,
        "reasons": [],
        "metrics": {"rmse": 1043.7},
        "judged": {
            "challenger": {"run": "7c1f09ab", "rows": 852, "metrics": {"rmse": 1043.7}},
            "champion": None,
            "comparison": None,
        },
    }


def test_a_bad_model_does_not_and_the_champion_is_named(decide: Callable[..., Any]) -> None:
    decided = decide(1000, {"run": "00000001", "generation": 4})
    assert decided["passed"] is False
    assert decided["reasons"] == ["rmse is 1043.7, at most 1000 is required"]
    assert decided["judged"]["champion"] == {"generation": 4, "run": "00000001", "metrics": None}
