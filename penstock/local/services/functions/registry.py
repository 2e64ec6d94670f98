"""The functions of a cloud, and the operations on what they are."""

import threading
from datetime import UTC, datetime
from pathlib import Path

from penstock.local.clients import Clients
from penstock.local.service import AwsError, JsonObject
from penstock.local.services.functions.archives import Archives
from penstock.local.services.functions.asynchronous import check_target
from penstock.local.services.functions.configuration import Configuration
from penstock.local.services.functions.function import Function
from penstock.local.services.functions.logs import Shipper

_MOST_ITEMS = 50
_EVENT_INVOKE = {"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 21_600}


class Registry:
    """Functions by name."""

    def __init__(self, *, clients: Clients, work: Path, shipper: Shipper) -> None:
        self._clients = clients
        self._work = work
        self._shipper = shipper
        self._archives = Archives(clients, work / "code")
        self._functions: dict[str, Function] = {}
        self._lock = threading.Lock()

    def find(self, request: JsonObject) -> Function:
        """Return the function that a request names: by its name, its ARN or a part of that.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        name, _, qualifier = request["FunctionName"].rpartition("function:")[2].partition(":")
        qualifier = qualifier or request.get("Qualifier", "")
        function = self._functions.get(name)
        if function is None or qualifier not in {"", "$LATEST"}:
            arn = self._arn(name) + (f":{qualifier}" if qualifier else "")
            raise AwsError("ResourceNotFoundException", f"Function not found: {arn}", 404)
        return function

    def close(self) -> None:
        """End every process of every function."""
        for function in [*self._functions.values()]:
            function.close()

    def create(self, request: JsonObject) -> JsonObject:
        """Serve CreateFunction."""
        name = request["FunctionName"].rpartition("function:")[2]
        _check_dead_letters(request)
        configuration = Configuration.new(name, self._arn(name), self._archives.code(request["Code"]), request)
        made = Function(configuration, clients=self._clients, logs=self._work / "logs" / name, shipper=self._shipper)
        made.tags.update(request.get("Tags", {}))
        with self._lock:
            if name in self._functions:
                raise AwsError("ResourceConflictException", f"Function already exist: {name}", 409)
            self._functions[name] = made
        return configuration.described()

    def get(self, request: JsonObject) -> JsonObject:
        """Serve GetFunction."""
        function = self.find(request)
        answer = {"Configuration": function.configuration.described(), "Code": {"RepositoryType": "S3"}}
        return answer | ({"Tags": dict(function.tags)} if function.tags else {})

    def configuration(self, request: JsonObject) -> JsonObject:
        """Serve GetFunctionConfiguration."""
        return self.find(request).configuration.described()

    def list(self, request: JsonObject) -> JsonObject:
        """Serve ListFunctions."""
        names = sorted(name for name in [*self._functions] if name > request.get("Marker", ""))
        shown = names[: min(request.get("MaxItems") or _MOST_ITEMS, _MOST_ITEMS)]
        described = [self._functions[name].configuration.described() for name in shown]
        return {"Functions": described, **({"NextMarker": shown[-1]} if len(shown) < len(names) else {})}

    def update_code(self, request: JsonObject) -> JsonObject:
        """Serve UpdateFunctionCode."""
        function = self.find(request)
        settings = {key: request[key] for key in ("Architectures",) if key in request}
        function.update(function.configuration.changed(settings, self._archives.code(request)))
        return function.configuration.described()

    def update_configuration(self, request: JsonObject) -> JsonObject:
        """Serve UpdateFunctionConfiguration."""
        function = self.find(request)
        _check_dead_letters(request)
        function.update(function.configuration.changed(request))
        return function.configuration.described()

    def delete(self, request: JsonObject) -> JsonObject:
        """Serve DeleteFunction."""
        function = self.find(request)
        with self._lock:
            self._functions.pop(function.configuration.name, None)
        function.close()
        return {}

    def put_event_invoke(self, request: JsonObject) -> JsonObject:
        """Serve PutFunctionEventInvokeConfig."""
        function = self.find(request)
        destinations = request.get("DestinationConfig", {})
        for target in filter(None, (destination.get("Destination") for destination in destinations.values())):
            check_target(target)
        if destinations.get("OnSuccess"):
            raise AwsError("InvalidParameterValueException", "The local cloud sends failed events on, and no others.")
        settings = {key: request.get(key, default) for key, default in _EVENT_INVOKE.items()}
        arn = f"{function.configuration.arn}:$LATEST"
        function.event_invoke = {
            "FunctionArn": arn,
            "LastModified": datetime.now(UTC),
            "DestinationConfig": destinations,
            **settings,
        }
        return function.event_invoke

    def get_event_invoke(self, request: JsonObject) -> JsonObject:
        """Serve GetFunctionEventInvokeConfig."""
        function = self.find(request)
        if function.event_invoke is None:
            message = f"The function {function.configuration.arn}:$LATEST doesn't have an EventInvokeConfig"
            raise AwsError("ResourceNotFoundException", message, 404)
        return function.event_invoke

    def delete_event_invoke(self, request: JsonObject) -> JsonObject:
        """Serve DeleteFunctionEventInvokeConfig."""
        self.get_event_invoke(request)
        self.find(request).event_invoke = None
        return {}

    def tag(self, request: JsonObject) -> JsonObject:
        """Serve TagResource."""
        self._tagged(request).update(request["Tags"])
        return {}

    def untag(self, request: JsonObject) -> JsonObject:
        """Serve UntagResource."""
        for key in request["TagKeys"]:
            self._tagged(request).pop(key, None)
        return {}

    def list_tags(self, request: JsonObject) -> JsonObject:
        """Serve ListTags."""
        return {"Tags": dict(self._tagged(request))}

    def _tagged(self, request: JsonObject) -> dict[str, str]:
        return self.find({"FunctionName": request["Resource"]}).tags

    def _arn(self, name: str) -> str:
        return f"arn:aws:lambda:{self._clients.region}:{self._clients.account}:function:{name}"


def _check_dead_letters(request: JsonObject) -> None:
    if target := request.get("DeadLetterConfig", {}).get("TargetArn"):
        check_target(target)
