"""AWS Lambda: Python functions, each in processes of its own."""

import base64
import json
from collections.abc import Sequence
from pathlib import Path

from penstock.local import strict_json
from penstock.local.clients import Clients
from penstock.local.clock import Clock
from penstock.local.faults import Faults
from penstock.local.service import AwsError, JsonObject, ListedService, Operation
from penstock.local.services.cloudwatch import Metrics
from penstock.local.services.functions.asynchronous import EventQueue
from penstock.local.services.functions.event_invoke import EventInvoke
from penstock.local.services.functions.function import Function
from penstock.local.services.functions.logs import Shipper
from penstock.local.services.functions.mappings import Mappings
from penstock.local.services.functions.registry import Registry
from penstock.local.store import Store

_MOST_BYTES = {"RequestResponse": 6_291_456, "Event": 1_048_576}
# AWS waits one minute, and then two.
_RETRY_SECONDS = (1.0, 2.0)


class Lambda(ListedService):
    """Lambda; `retry_seconds` is how long an event waits before each retry, when nobody waits for it."""

    name = "lambda"

    def __init__(
        self,
        *,
        clients: Clients,
        work: Path,
        faults: Faults,
        metrics: Metrics,
        clock: Clock,
        store: Store,
        retry_seconds: Sequence[float] = _RETRY_SECONDS,
    ) -> None:
        self._shipper = Shipper(clients)
        self._events = EventQueue(clients, retry_seconds)
        self._registry = registry = Registry(
            clients=clients, work=work, shipper=self._shipper, faults=faults, metrics=metrics, store=store
        )
        invoking = EventInvoke(registry)
        self._mappings = mappings = Mappings(registry=registry, clients=clients, clock=clock, store=store)
        self._operations: dict[str, Operation] = {
            "CreateFunction": registry.create,
            "GetFunction": registry.get,
            "GetFunctionConfiguration": registry.configuration,
            "ListFunctions": registry.list,
            "UpdateFunctionCode": registry.update_code,
            "UpdateFunctionConfiguration": registry.update_configuration,
            "DeleteFunction": registry.delete,
            "Invoke": self._invoke,
            "AddPermission": registry.add_permission,
            "RemovePermission": registry.remove_permission,
            "GetPolicy": lambda request: registry.find(request).policy.get(),
            "PutFunctionEventInvokeConfig": invoking.put,
            "GetFunctionEventInvokeConfig": invoking.get,
            "DeleteFunctionEventInvokeConfig": invoking.delete,
            "CreateEventSourceMapping": mappings.create,
            "GetEventSourceMapping": mappings.get,
            "ListEventSourceMappings": mappings.list,
            "UpdateEventSourceMapping": mappings.update,
            "DeleteEventSourceMapping": mappings.delete,
            "TagResource": lambda request: self._tagged(request).tag(request),
            "UntagResource": lambda request: self._tagged(request).untag(request),
            "ListTags": lambda request: self._tagged(request).list_tags(request),
        }

    def restore(self) -> Sequence[str]:
        """Take up again what this cloud did before it was ended; return what to say of what it has lost."""
        lost = self._registry.restore()
        self._mappings.restore()
        return lost

    def close(self) -> None:
        """End every process of every function."""
        self._mappings.close()
        self._events.close()
        self._registry.close()
        self._shipper.close()

    def _tagged(self, request: JsonObject) -> Registry | Mappings:
        return self._mappings if ":event-source-mapping:" in request["Resource"] else self._registry

    def _invoke(self, request: JsonObject) -> JsonObject:
        function, kind = self._registry.find(request), request.get("InvocationType", "RequestResponse")
        if kind == "DryRun":
            return {"StatusCode": 204}
        event = _event(request.get("Payload") or b"{}", kind)
        if kind == "Event":
            self._events.send(function, event)
            return {"StatusCode": 202}
        return _answer(function, event, request)


def _answer(function: Function, event: str, request: JsonObject) -> JsonObject:
    encoded = request.get("ClientContext")
    context = json.loads(base64.b64decode(encoded)) if encoded else None
    invocation = function.invoke(event, client_context=context)
    return {
        "StatusCode": 200,
        "ExecutedVersion": "$LATEST",
        "Payload": invocation.payload,
        **({"FunctionError": "Unhandled"} if invocation.failed else {}),
        **({"LogResult": base64.b64encode(invocation.log).decode()} if request.get("LogType") == "Tail" else {}),
    }


def _event(payload: bytes, kind: str) -> str:
    if len(payload) > _MOST_BYTES[kind]:
        message = (
            f"{len(payload)} byte payload is too large for the {kind} invocation type (limit {_MOST_BYTES[kind]} bytes)"
        )
        raise AwsError("RequestTooLargeException", message, 413)
    try:
        event = payload.decode()
        strict_json.parse(event)
    except ValueError as error:
        message = f"Could not parse request body into json: {error}"
        raise AwsError("InvalidRequestContentException", message) from error
    return event
