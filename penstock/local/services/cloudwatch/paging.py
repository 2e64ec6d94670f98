"""Lists that are answered in pages."""

from collections.abc import Sequence
from typing import Any

from penstock.local.service import AwsError, JsonObject


def page(member: str, items: Sequence[Any], token: str | None, most: int) -> JsonObject:
    """Return the page that a token names, and the token of the next one.

    Raises:
        AwsError: InvalidNextToken.
    """
    start = 0
    if token is not None:
        if not token.isdecimal():
            raise AwsError("InvalidNextToken", f"The NextToken {token!r} is not valid.")
        start = int(token)
    end = start + most
    return {member: items[start:end], **({"NextToken": str(end)} if end < len(items) else {})}
