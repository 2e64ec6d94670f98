import io
from collections.abc import Callable
from typing import Any

import pytest
from botocore.response import StreamingBody
from botocore.stub import Stubber

from hooks.predictions import SmokeTestFailed
from hooks.smoke_test import handler

Stub = Callable[[str], Stubber]
EVENT: dict[str, Any] = {
    "endpoint": "dev-bigmart",
    "rows": ["a,b", "1,2", "3,4"],
    "numbers": True,
    "minimum": 0,
    "maximum": 10,
}


def _answer(stub: Stub, body: bytes) -> None:
    answer = {"Body": StreamingBody(io.BytesIO(body), len(body)), "CustomAttributes": "model=0123456789ab"}
    request = {"EndpointName": "dev-bigmart", "ContentType": "text/csv", "Accept": "text/csv"}
    stub("sagemaker-runtime").add_response("invoke_endpoint", answer, request | {"Body": b"a,b\n1,2\n3,4\n"})


def test_good_predictions_pass(stub: Stub) -> None:
    _answer(stub, b"1.5\n2.5\n")
    assert handler(EVENT, None) == {"predictions": [1.5, 2.5], "model": "model=0123456789ab"}


def test_a_prediction_out_of_bounds_fails(stub: Stub) -> None:
    _answer(stub, b"1.5\n25\n")
    with pytest.raises(SmokeTestFailed, match="row 2 is 25, more than the maximum 10"):
        handler(EVENT, None)
