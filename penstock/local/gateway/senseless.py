"""How a service refuses a request that nobody can make sense of: what is wrong with it is the client's, not ours."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from werkzeug.exceptions import HTTPException

from penstock.local.service import AwsError

_LOG = logging.getLogger(__name__)
_UNREADABLE = {"json": "SerializationException", "rest-json": "SerializationException", "rest-xml": "InvalidArgument"}
_REFUSED = {"iam": "ValidationError", "s3": "InvalidRequest", "sns": "InvalidParameter", "sts": "ValidationError"}


@contextmanager
def readable(protocol: str, body: bytes | None) -> Iterator[None]:
    """Refuse a request whose parser raises whatever it may: it says of numbers, times, bytes and XML what they are.

    Raises:
        AwsError: the request is no such text of its protocol.
    """
    try:
        yield
    except (AwsError, HTTPException):
        raise
    except RecursionError as error:
        raise _unreadable(protocol, body, "it is nested too deeply") from error
    except Exception as error:
        raise _unreadable(protocol, body, str(error) or type(error).__name__) from error


@contextmanager
def understood(service: str, operation: str) -> Iterator[None]:
    """Refuse a call which the service that backs it breaks at: it looks things up without asking if they are there.

    Raises:
        AwsError: InternalFailure (501), the operation is not there; otherwise the service's own error for bad values.
        OSError: the machine is at fault, and not the call.
    """
    what = f"{service}:{operation}"
    try:
        yield
    except (AwsError, HTTPException, OSError):
        raise
    except NotImplementedError as error:
        raise AwsError("InternalFailure", f"The local cloud does not serve {what}.", 501) from error
    except Exception as error:
        _LOG.warning("%s broke at a request", what, exc_info=True)
        message = (
            f"The local cloud could not make sense of this request for {what} ({type(error).__name__}: {error}): is"
            " there what it names, and is each value of the right form? errors.log has the traceback."
        )
        raise AwsError(_REFUSED.get(service, "ValidationException"), message) from error


def _unreadable(protocol: str, body: bytes | None, reason: str) -> AwsError:
    if protocol == "rest-xml" and body:
        message = "The XML you provided was not well-formed or did not validate against our published schema"
        return AwsError("MalformedXML", f"{message}: {reason}")
    return AwsError(_UNREADABLE.get(protocol, "MalformedInput"), f"The request cannot be read: {reason}")
