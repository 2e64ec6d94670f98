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
    "variant": "",
    "inbox": None,
    "run": "7c1f09ab",
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


def test_a_challenger_is_asked_itself(stub: Stub) -> None:
    answer = {"Body": StreamingBody(io.BytesIO(b"1.5\n2.5\n"), 8)}
    request = {"EndpointName": "dev-bigmart", "ContentType": "text/csv", "Accept": "text/csv"}
    asked = request | {"Body": b"a,b\n1,2\n3,4\n", "TargetVariant": "challenger"}
    stub("sagemaker-runtime").add_response("invoke_endpoint", answer, asked)
    assert handler(EVENT | {"variant": "challenger"}, None)["predictions"] == [1.5, 2.5]


def test_an_asynchronous_endpoint_is_asked_through_s3(stub: Stub) -> None:
    s3, runtime = stub("s3"), stub("sagemaker-runtime")
    key = "bigmart/async/input/smoke-7c1f09ab.csv"
    asked = {"Bucket": "b", "Key": key, "Body": b"a,b\n1,2\n3,4\n", "ContentType": "text/plain; charset=utf-8"}
    s3.add_response("put_object", {}, asked)
    runtime.add_response(
        "invoke_endpoint_async",
        {"OutputLocation": "s3://b/bigmart/async/output/1.out", "FailureLocation": "s3://b/bigmart/async/failure/1"},
    )
    answer = {"Body": StreamingBody(io.BytesIO(b"1.5\n2.5\n"), 8)}
    there = {"Bucket": "b", "Prefix": "bigmart/async/output/1.out", "MaxKeys": 1}
    s3.add_response("list_objects_v2", {"Contents": [{"Key": "k"}]}, there)
    s3.add_response("get_object", answer, {"Bucket": "b", "Key": "bigmart/async/output/1.out"})
    event = EVENT | {"inbox": "s3://b/bigmart/async/input/"}
    assert handler(event, None) == {"predictions": [1.5, 2.5], "model": ""}
