"""What becomes of events that nobody waits for: how often a function tries, and where what it fails on goes."""

from datetime import UTC, datetime

from penstock.local.service import AwsError, JsonObject
from penstock.local.services.functions.asynchronous import check_target
from penstock.local.services.functions.registry import Registry

_DEFAULTS = {"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 21_600}


class EventInvoke:
    """The operations on functions' event invoke configurations."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def put(self, request: JsonObject) -> JsonObject:
        """Serve PutFunctionEventInvokeConfig."""
        function = self._registry.find(request)
        destinations = request.get("DestinationConfig", {})
        for target in filter(None, (destination.get("Destination") for destination in destinations.values())):
            check_target(target)
        if destinations.get("OnSuccess"):
            raise AwsError("InvalidParameterValueException", "The local cloud sends failed events on, and no others.")
        settings = {key: request.get(key, default) for key, default in _DEFAULTS.items()}
        arn = f"{function.configuration.arn}:$LATEST"
        function.event_invoke = {
            "FunctionArn": arn,
            "LastModified": datetime.now(UTC),
            "DestinationConfig": destinations,
            **settings,
        }
        self._registry.keep(function)
        return function.event_invoke

    def get(self, request: JsonObject) -> JsonObject:
        """Serve GetFunctionEventInvokeConfig."""
        function = self._registry.find(request)
        if function.event_invoke is None:
            message = f"The function {function.configuration.arn}:$LATEST doesn't have an EventInvokeConfig"
            raise AwsError("ResourceNotFoundException", message, 404)
        return function.event_invoke

    def delete(self, request: JsonObject) -> JsonObject:
        """Serve DeleteFunctionEventInvokeConfig."""
        self.get(request)
        function = self._registry.find(request)
        function.event_invoke = None
        self._registry.keep(function)
        return {}
