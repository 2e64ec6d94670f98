import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError, ParamValidationError

from penstock.local.call_errors import code_of, passing, throttled, without_answer

LOST = ConnectionClosedError(endpoint_url="http://localhost:1")
ABSENT = EndpointConnectionError(endpoint_url="http://localhost:1")
WRONG = ParamValidationError(report="no such member")


def refused(code: str, status: int = 400) -> ClientError:
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, "Call")


def test_an_error_has_the_code_that_aws_gave_it() -> None:
    assert code_of(refused("NoSuchKey", 404)) == "NoSuchKey"
    assert code_of(LOST) == "ConnectionClosedError"


@pytest.mark.parametrize(
    "error",
    [
        refused("ThrottlingException"),
        refused("SlowDown", 503),
        refused("TooManyRequestsException", 429),
        refused("429", 429),
        refused("ProvisionedThroughputExceededException"),
        refused("RequestLimitExceeded", 503),
    ],
)
def test_a_throttled_call_had_no_effect_and_may_succeed_later(error: ClientError) -> None:
    assert throttled(error)
    assert passing(error)
    assert not without_answer(error)


@pytest.mark.parametrize("error", [refused("InternalFailure", 500), LOST])
def test_a_call_without_an_answer_may_have_worked_and_may_succeed_later(error: Exception) -> None:
    assert without_answer(error)
    assert passing(error)


def test_what_was_never_reached_had_no_effect_and_may_be_reached_later() -> None:
    assert passing(ABSENT)
    assert not without_answer(ABSENT)


def test_a_limit_may_be_lifted() -> None:
    assert passing(refused("ExecutionLimitExceeded"))


@pytest.mark.parametrize("error", [refused("AccessDeniedException", 403), refused("ValidationException"), WRONG])
def test_what_is_refused_or_wrong_stays_so(error: Exception) -> None:
    assert not passing(error)
    assert not without_answer(error)
