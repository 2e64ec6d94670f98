"""What SageMaker made or changed a moment ago, and does not show yet.

SageMaker reads its own data with eventual consistency, and says of the resulting errors that they go away by trying
again: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html
"""

import time
from collections.abc import Iterator, Mapping
from typing import Any

from werkzeug.wrappers import Response

from penstock.local.faults.errors import not_found
from penstock.local.gateway.requests import Call
from penstock.local.service import Caller


class Lateness:
    """What is seen late, and until when; its owner holds a lock."""

    def __init__(self, region: str) -> None:
        self._region = region
        self._unseen: dict[tuple[str, str], float] = {}  # member of a request, name → until when
        self._former: dict[str, tuple[float, Response]] = {}  # of an endpoint
        self._shown: dict[str, Response] = {}

    def begin(self, call: Call, seconds: float) -> bool:
        """Have what a call made or changed be seen late; return whether there is anything to see."""
        operation, until = str(call.operation.name), time.monotonic() + seconds
        member = f"{operation.removeprefix('Create').removeprefix('Update')}Name"
        name = str(call.parameters.get(member, ""))
        if operation.startswith("Create"):
            self._unseen[member, name.lower()] = until
            return True
        if name.lower() not in self._shown:
            return False  # nobody has seen how it was before
        self._former[name.lower()] = until, self._shown[name.lower()]
        return True

    def look(self, call: Call, caller: Caller) -> Response | None:
        """Return the former answer to a look at an endpoint, or nothing, which is the rule.

        Raises:
            AwsError: the call is about something that is not seen yet.
        """
        if call.service != "sagemaker":
            return None
        now = time.monotonic()
        operation = str(call.operation.name)
        own = f"{operation.removeprefix('Create')}Name" if operation.startswith("Create") else ""
        for member, value in _strings(call.parameters):
            if member != own and self._unseen.get((member, value.lower()), 0) > now:
                raise not_found(member, value, region=self._region, account=caller.account)
        until, response = self._former.get(_endpoint(call), (0, None))
        return response if until > now else None

    def seen(self, call: Call, response: Response) -> None:
        """Keep what a look at an endpoint showed."""
        if name := _endpoint(call):
            self._shown[name] = Response(response.get_data(), status=response.status, headers=response.headers)


def _endpoint(call: Call) -> str:
    """Return the name of the endpoint that a call looks at."""
    return str(call.parameters["EndpointName"]).lower() if call.operation.name == "DescribeEndpoint" else ""


def _strings(value: Any, member: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield member, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _strings(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item, member)
