import io
from collections.abc import Callable

import pytest
from botocore.response import StreamingBody
from botocore.stub import Stubber

from hooks.aws import inbox
from hooks.predictions import SmokeTestFailed

Stub = Callable[[str], Stubber]
INBOX = "s3://b/p/async/input/"


@pytest.fixture
def s3(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> Stubber:
    monkeypatch.setattr(inbox, "_PAUSE_SECONDS", 0)
    stubber = stub("s3")
    stubber.add_response("put_object", {})
    places = {"OutputLocation": "s3://b/out", "FailureLocation": "s3://b/failure"}
    stub("sagemaker-runtime").add_response("invoke_endpoint_async", places)
    return stubber


def _answer(s3: Stubber, text: bytes) -> None:
    s3.add_response("list_objects_v2", {"Contents": [{"Key": "k"}]})
    s3.add_response("get_object", {"Body": StreamingBody(io.BytesIO(text), len(text))})


def _nothing(s3: Stubber) -> None:
    s3.add_response("list_objects_v2", {})


def test_the_answer_is_waited_for(s3: Stubber) -> None:
    _nothing(s3)
    _nothing(s3)
    _answer(s3, b"1.5\n")
    assert inbox.predict("dev-bigmart", INBOX, "7c1f09ab", "a\n1\n") == "1.5\n"


def test_a_model_that_answers_with_an_error_has_failed(s3: Stubber) -> None:
    _nothing(s3)
    _answer(s3, b"Traceback")
    with pytest.raises(SmokeTestFailed, match="answers with an error: Traceback"):
        inbox.predict("dev-bigmart", INBOX, "7c1f09ab", "a\n1\n")


def test_a_model_that_does_not_answer_has_failed(s3: Stubber, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "_SECONDS", 0)
    with pytest.raises(SmokeTestFailed, match="did not answer within 0 s"):
        inbox.predict("dev-bigmart", INBOX, "7c1f09ab", "a\n1\n")
