import io
from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError
from botocore.response import StreamingBody
from botocore.stub import Stubber

from hooks.aws import runtime
from hooks.predictions import SmokeTestFailed

Stub = Callable[[str], Stubber]


def test_the_model_that_answered_is_known(stub: Stub) -> None:
    answer = {"Body": StreamingBody(io.BytesIO(b"1.5\n"), 4), "CustomAttributes": "model=0123456789ab"}
    request = {"EndpointName": "dev-bigmart", "ContentType": "text/csv", "Accept": "text/csv", "Body": b"a\n1\n"}
    stub("sagemaker-runtime").add_response("invoke_endpoint", answer, request)
    assert runtime.predict("dev-bigmart", "a\n1\n", variant="") == ("1.5\n", "model=0123456789ab")


def test_a_model_that_answers_with_an_error_has_failed(stub: Stub) -> None:
    """A container may answer to /ping all the same."""
    stub("sagemaker-runtime").add_client_error("invoke_endpoint", "ModelError", "Received server error (500)")
    with pytest.raises(SmokeTestFailed, match="answers with an error: Received server error"):
        runtime.predict("dev-bigmart", "a\n1\n", variant="")


def test_another_error_is_raised(stub: Stub) -> None:
    stub("sagemaker-runtime").add_client_error("invoke_endpoint", "ServiceUnavailable", "later")
    with pytest.raises(ClientError, match="later"):
        runtime.predict("dev-bigmart", "a\n1\n", variant="")
