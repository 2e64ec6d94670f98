"""What the error of a call to AWS says: what it is, and whether the call may do better, or has worked, all the same."""

from http import HTTPStatus

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as UnreachedError

# Each service has a code of its own for this.
_THROTTLED = ("Throttl", "TooManyRequests", "RequestLimitExceeded", "SlowDown", "ThroughputExceeded")


def code_of(error: Exception) -> str:
    """Return the code of an error as AWS names it, or the name of its class if it is none of AWS."""
    return str(error.response["Error"]["Code"]) if isinstance(error, ClientError) else type(error).__name__


def throttled(error: Exception) -> bool:
    """Tell whether a call was refused because there were too many of them; it had no effect then."""
    if not isinstance(error, ClientError):
        return False
    return any(word in code_of(error) for word in _THROTTLED) or _status(error) == HTTPStatus.TOO_MANY_REQUESTS


def without_answer(error: Exception) -> bool:
    """Tell whether the service broke down or did not answer: the call may have had its effect all the same."""
    if isinstance(error, ClientError):
        return _status(error) >= HTTPStatus.INTERNAL_SERVER_ERROR and not throttled(error)
    return isinstance(error, HTTPClientError)


def passing(error: Exception) -> bool:
    """Tell whether the same call may succeed later: the service is busy, at a limit, broken or out of reach."""
    out_of_reach = without_answer(error) or isinstance(error, UnreachedError)
    return out_of_reach or throttled(error) or "LimitExceeded" in code_of(error)


def _status(error: ClientError) -> int:
    return int(error.response["ResponseMetadata"]["HTTPStatusCode"])
