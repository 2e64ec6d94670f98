"""Removing what may be gone already."""

from collections.abc import Callable

from botocore.exceptions import ClientError

# The codes by which services say that what is to be removed is not there.
_GONE = ("NoSuch", "NotFound", "DoesNotExist", "NonExistentQueue")


def gone(error: Exception) -> bool:
    """Tell whether a service says that what was asked for is not there."""
    return isinstance(error, ClientError) and any(word in error.response["Error"]["Code"] for word in _GONE)


def discard(call: Callable[..., object], **parameters: object) -> None:
    """Remove something, unless it is gone already."""
    try:
        call(**parameters)
    except ClientError as error:
        if not gone(error):
            raise
