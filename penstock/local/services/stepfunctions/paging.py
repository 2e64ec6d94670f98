"""Answers that come in pages."""

import base64
from collections.abc import Sequence
from typing import TypeVar

from penstock.local.service import AwsError, JsonObject

Item = TypeVar("Item")
_DEFAULT, _MOST = 100, 1000


def page(items: Sequence[Item], request: JsonObject) -> tuple[Sequence[Item], JsonObject]:
    """Return the items of the page that a request asks for, and the member that leads to the next one, if there is one.

    Raises:
        AwsError: InvalidToken.
    """
    size = min(request.get("maxResults") or _DEFAULT, _MOST)
    start = _start(request["nextToken"]) if "nextToken" in request else 0
    end = start + size
    return items[start:end], {"nextToken": base64.b64encode(str(end).encode()).decode()} if end < len(items) else {}


def _start(token: str) -> int:
    try:
        return int(base64.b64decode(token, validate=True))
    except ValueError as error:
        raise AwsError("InvalidToken", f"Invalid Token: '{token}'") from error
