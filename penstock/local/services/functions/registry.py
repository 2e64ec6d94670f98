"""The functions of a cloud, and the operations on what they are."""

import threading
from collections.abc import Sequence
from pathlib import Path

from penstock.local.clients import Clients
from penstock.local.faults import Faults
from penstock.local.function_names import FunctionName
from penstock.local.service import AwsError, JsonObject
from penstock.local.services.cloudwatch import Metrics
from penstock.local.services.functions import records
from penstock.local.services.functions.archives import Archives
from penstock.local.services.functions.asynchronous import check_target
from penstock.local.services.functions.configuration import Configuration
from penstock.local.services.functions.function import Function
from penstock.local.services.functions.logs import Shipper
from penstock.local.store import Store

_KIND = "lambda-function"
_MOST_ITEMS = 50


class Registry:
    """Functions by name."""

    def __init__(
        self, *, clients: Clients, work: Path, shipper: Shipper, faults: Faults, metrics: Metrics, store: Store
    ) -> None:
        self._clients = clients
        self._work = work
        self._shipper = shipper
        self._faults = faults
        self._metrics = metrics
        self._store = store
        self._archives = Archives(clients, work / "code")
        self._functions: dict[str, Function] = {}
        self._lock = threading.Lock()

    def find(self, request: JsonObject) -> Function:
        """Return the function that a request names: by its name, its ARN or a part of that.

        Raises:
            AwsError: ResourceNotFoundException; AccessDeniedException where it is another account's.
        """
        named = self._named(request)
        function = self._functions.get(named.name)
        if function is None or named.qualifier not in {"", "$LATEST"}:
            arn = self._arn(named.name) + (f":{named.qualifier}" if named.qualifier else "")
            raise AwsError("ResourceNotFoundException", f"Function not found: {arn}", 404)
        return function

    def close(self) -> None:
        """End every process of every function."""
        for function in [*self._functions.values()]:
            function.close()

    def create(self, request: JsonObject) -> JsonObject:
        """Serve CreateFunction."""
        name = self._named(request).name
        _check_dead_letters(request)
        configuration = Configuration.new(name, self._arn(name), self._archives.code(request["Code"]), request)
        made = self._function(configuration)
        made.tags.update(request.get("Tags", {}))
        with self._lock:
            if name in self._functions:
                raise AwsError("ResourceConflictException", f"Function already exist: {name}", 409)
            self._functions[name] = made
        self.keep(made)
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
        self.keep(function)
        return function.configuration.described()

    def update_configuration(self, request: JsonObject) -> JsonObject:
        """Serve UpdateFunctionConfiguration."""
        function = self.find(request)
        _check_dead_letters(request)
        function.update(function.configuration.changed(request))
        self.keep(function)
        return function.configuration.described()

    def delete(self, request: JsonObject) -> JsonObject:
        """Serve DeleteFunction."""
        function = self.find(request)
        with self._lock:
            self._functions.pop(function.configuration.name, None)
        self._store.remove(_KIND, function.configuration.name)
        function.close()
        return {}

    def tag(self, request: JsonObject) -> JsonObject:
        """Serve TagResource."""
        function = self._tagged(request)
        function.tags.update(request["Tags"])
        self.keep(function)
        return {}

    def untag(self, request: JsonObject) -> JsonObject:
        """Serve UntagResource."""
        function = self._tagged(request)
        for key in request["TagKeys"]:
            function.tags.pop(key, None)
        self.keep(function)
        return {}

    def list_tags(self, request: JsonObject) -> JsonObject:
        """Serve ListTags."""
        return {"Tags": dict(self._tagged(request).tags)}

    def add_permission(self, request: JsonObject) -> JsonObject:
        """Serve AddPermission."""
        function = self.find(request)
        answer = function.policy.add(request)
        self.keep(function)
        return answer

    def remove_permission(self, request: JsonObject) -> JsonObject:
        """Serve RemovePermission."""
        function = self.find(request)
        function.policy.remove(request)
        self.keep(function)
        return {}

    def restore(self) -> Sequence[str]:
        """Take up the functions that there were; return what to say of those whose code is gone."""
        for name, record in self._store.all(_KIND).items():
            function = self._function(records.configuration(name, record, self._archives.folder))
            records.complete(function, record)
            self._functions[name] = function
        folders = {name: function.configuration.code.folder for name, function in self._functions.items()}
        self._archives.keep_only({*folders.values()})
        return [
            f"Lost: the code of function {name}, as {folder} is gone."
            for name, folder in folders.items()
            if not folder.exists()
        ]

    def _function(self, configuration: Configuration) -> Function:
        return Function(
            configuration,
            clients=self._clients,
            logs=self._work / "logs" / configuration.name,
            shipper=self._shipper,
            faults=self._faults,
            metrics=self._metrics,
        )

    def keep(self, function: Function) -> None:
        """Write down what a function is now."""
        self._store.put(_KIND, function.configuration.name, records.record(function))

    def _tagged(self, request: JsonObject) -> Function:
        return self.find({"FunctionName": request["Resource"]})

    def _named(self, request: JsonObject) -> FunctionName:
        named = FunctionName.parse(request["FunctionName"], request.get("Qualifier", ""))
        named.check_place(self._clients.region, self._clients.account)
        return named

    def _arn(self, name: str) -> str:
        return self._clients.arn("lambda", f"function:{name}")


def _check_dead_letters(request: JsonObject) -> None:
    if target := request.get("DeadLetterConfig", {}).get("TargetArn"):
        check_target(target)
