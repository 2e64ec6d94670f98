"""Event source mappings: which queues a function is invoked from, and the operations on them."""

import threading
import uuid
from dataclasses import dataclass
from datetime import datetime

from penstock.local.clients import Clients
from penstock.local.clock import Clock
from penstock.local.service import AwsError, JsonObject
from penstock.local.services.functions.event_sources import check_queue, check_settings
from penstock.local.services.functions.poller import Poller
from penstock.local.services.functions.registry import Registry
from penstock.local.store import Store

_KIND = "event-source-mapping"
_DEFAULTS: JsonObject = {"BatchSize": 10, "MaximumBatchingWindowInSeconds": 0, "FunctionResponseTypes": []}
_MOST_ITEMS = 100


@dataclass
class _Mapping:
    """A mapping, and its poller while it is enabled."""

    id: str
    arn: str
    settings: JsonObject
    function_arn: str
    modified: datetime
    poller: Poller | None = None

    @property
    def tags(self) -> dict[str, str]:
        return {**self.settings.get("Tags", {})}

    def kept(self) -> JsonObject:
        """Return what is kept of it while the cloud is down."""
        return {
            "arn": self.arn,
            "settings": self.settings,
            "function_arn": self.function_arn,
            "modified": self.modified,
            "enabled": self.poller is not None,
        }

    def described(self, state: str = "") -> JsonObject:
        shown = [*_DEFAULTS, *(name for name in ("FilterCriteria", "ScalingConfig") if name in self.settings)]
        return {
            "UUID": self.id,
            "EventSourceMappingArn": self.arn,
            "EventSourceArn": self.settings["EventSourceArn"],
            "FunctionArn": self.function_arn,
            **{name: self.settings[name] for name in shown},
            "LastModified": self.modified,
            "LastProcessingResult": self.poller.result if self.poller else "No records processed",
            "State": state or ("Enabled" if self.poller else "Disabled"),
            "StateTransitionReason": "USER_INITIATED",
        }


class Mappings:
    """The mappings of all functions, by UUID."""

    def __init__(self, *, registry: Registry, clients: Clients, clock: Clock, store: Store) -> None:
        self._registry = registry
        self._clients = clients
        self._clock = clock
        self._store = store
        self._lock = threading.Lock()
        self._mappings: dict[str, _Mapping] = {}

    def restore(self) -> None:
        """Take up again the mappings of before."""
        for id_, kept in self._store.all(_KIND).items():
            enabled = kept.pop("enabled")
            self._mappings[id_] = _Mapping(id_, **kept)
            self._switch(self._mappings[id_], on=enabled)

    def create(self, request: JsonObject) -> JsonObject:
        """Serve CreateEventSourceMapping."""
        function, settings = self._registry.find(request), {**_DEFAULTS, **request}
        check_settings(settings)
        check_queue(self._clients, settings["EventSourceArn"], function)
        made = str(uuid.uuid4())
        arn = f"{function.configuration.arn.rpartition(':function:')[0]}:event-source-mapping:{made}"
        mapping = _Mapping(made, arn, settings, function.configuration.arn, self._clock.now())
        with self._lock:
            self._check_new(mapping)
            self._mappings[made] = mapping
        self._switch(mapping, on=request.get("Enabled", True))
        return mapping.described("Creating")

    def get(self, request: JsonObject) -> JsonObject:
        """Serve GetEventSourceMapping."""
        return self._find(request).described()

    def list(self, request: JsonObject) -> JsonObject:
        """Serve ListEventSourceMappings."""
        function = self._registry.find(request).configuration.arn if "FunctionName" in request else None
        source, after = request.get("EventSourceArn"), request.get("Marker", "")
        found = [
            mapping
            for id_, mapping in sorted({**self._mappings}.items())
            if id_ > after
            and function in {None, mapping.function_arn}
            and source in {None, mapping.settings["EventSourceArn"]}
        ]
        shown = found[: min(request.get("MaxItems") or _MOST_ITEMS, _MOST_ITEMS)]
        more = {"NextMarker": shown[-1].id} if len(shown) < len(found) else {}
        return {"EventSourceMappings": [mapping.described() for mapping in shown], **more}

    def update(self, request: JsonObject) -> JsonObject:
        """Serve UpdateEventSourceMapping."""
        mapping = self._find(request)
        settings = {**mapping.settings, **request}
        check_settings(settings)
        if "FunctionName" in request:
            mapping.function_arn = self._registry.find(request).configuration.arn
        mapping.settings, mapping.modified = settings, self._clock.now()
        on = request.get("Enabled", mapping.poller is not None)
        self._switch(mapping, on=False)
        self._switch(mapping, on=on)
        return mapping.described("Updating")

    def delete(self, request: JsonObject) -> JsonObject:
        """Serve DeleteEventSourceMapping."""
        mapping = self._find(request)
        self._switch(mapping, on=False)
        with self._lock:
            self._mappings.pop(mapping.id, None)
        self._store.remove(_KIND, mapping.id)
        return mapping.described("Deleting")

    def tag(self, request: JsonObject) -> JsonObject:
        """Serve TagResource."""
        mapping = self._tagged(request)
        mapping.settings = mapping.settings | {"Tags": mapping.tags | request["Tags"]}
        self._store.put(_KIND, mapping.id, mapping.kept())
        return {}

    def untag(self, request: JsonObject) -> JsonObject:
        """Serve UntagResource."""
        mapping = self._tagged(request)
        left = {key: value for key, value in mapping.tags.items() if key not in request["TagKeys"]}
        mapping.settings = mapping.settings | {"Tags": left}
        self._store.put(_KIND, mapping.id, mapping.kept())
        return {}

    def list_tags(self, request: JsonObject) -> JsonObject:
        """Serve ListTags."""
        return {"Tags": self._tagged(request).tags}

    def close(self) -> None:
        """End every poller."""
        pollers = [mapping.poller for mapping in [*self._mappings.values()] if mapping.poller is not None]
        for poller in pollers:
            poller.stop()
        for poller in pollers:
            poller.join()

    def _switch(self, mapping: _Mapping, *, on: bool) -> None:
        if not on and mapping.poller is not None:
            mapping.poller.stop()
            mapping.poller = None
        if on and mapping.poller is None:
            mapping.poller = Poller(
                settings=mapping.settings,
                find=lambda: self._registry.find({"FunctionName": mapping.function_arn}),
                clients=self._clients,
                clock=self._clock,
            )
        self._store.put(_KIND, mapping.id, mapping.kept())

    def _tagged(self, request: JsonObject) -> _Mapping:
        return self._find({"UUID": request["Resource"].rpartition(":")[2]})

    def _find(self, request: JsonObject) -> _Mapping:
        mapping = self._mappings.get(request["UUID"])
        if mapping is None:
            raise AwsError("ResourceNotFoundException", "The resource you requested does not exist.", 404)
        return mapping

    def _check_new(self, mapping: _Mapping) -> None:
        for other in self._mappings.values():
            source = other.settings["EventSourceArn"]
            if (source, other.function_arn) == (mapping.settings["EventSourceArn"], mapping.function_arn):
                message = (
                    f'An event source mapping with SQS arn (" {source} ") and function (" {other.function_arn} ")'
                    f" already exists. Please update or delete the existing mapping with UUID {other.id}"
                )
                raise AwsError("ResourceConflictException", message, 409)
