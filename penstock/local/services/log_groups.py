"""Which log group a request means: moto reads those by ARN wrongly, or not at all."""

import json

from penstock.local.clients import Clients
from penstock.local.gateway.overlay import Overlay
from penstock.local.gateway.requests import Call
from penstock.local.service import AwsError, Caller, JsonObject


class LogGroups(Overlay):
    """Hands requests on to moto by the log group's name."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def answer(self, call: Call, caller: Caller) -> JsonObject | None:  # noqa: ARG002
        """Refuse what is about a log group of another region or account.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        identifier = call.parameters.get("logGroupIdentifier") or ""
        if identifier.startswith("arn:") and not identifier.startswith(self._clients.arn("logs", "log-group:")):
            raise AwsError("ResourceNotFoundException", f"The specified log group does not exist: {identifier}")
        return None

    def body(self, call: Call) -> bytes | None:
        """Return a body that names the log group."""
        identifier = call.parameters.get("logGroupIdentifier")
        if not identifier:
            return call.body
        named = json.loads(call.body or b"{}")
        del named["logGroupIdentifier"]
        name = identifier.removesuffix(":*").rpartition(":log-group:")[2]
        return json.dumps(named | {"logGroupName": name}).encode()
