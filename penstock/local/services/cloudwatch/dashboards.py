"""Dashboards: kept, and given back."""

import json
import re
import threading

from penstock.local.clients import Clients
from penstock.local.clock import Clock
from penstock.local.service import AwsError, JsonObject, Operation
from penstock.local.services.cloudwatch.paging import page
from penstock.local.store import Store

_KIND = "dashboard"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")
_PAGE = 1_000


class Dashboards:
    """Dashboards by name, each one's body as it was put."""

    def __init__(self, *, clients: Clients, store: Store, clock: Clock) -> None:
        self._clients = clients
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._dashboards: dict[str, JsonObject] = {}
        self.operations: dict[str, Operation] = {
            "PutDashboard": self._put,
            "GetDashboard": self._get,
            "ListDashboards": self._list,
            "DeleteDashboards": self._delete,
        }

    def restore(self) -> None:
        """Take up the dashboards of an earlier cloud."""
        self._dashboards.update(self._store.all(_KIND))

    def _put(self, request: JsonObject) -> JsonObject:
        name, body = request["DashboardName"], request["DashboardBody"]
        if not _NAME.fullmatch(name):
            raise _invalid("The value for field DashboardName contains invalid characters.")
        try:
            widgets = json.loads(body)["widgets"]
        except (ValueError, KeyError, TypeError) as error:
            raise _invalid("The field DashboardBody must be a valid JSON object with widgets.") from error
        if not isinstance(widgets, list):
            raise _invalid("The field widgets of DashboardBody must be a list.")
        record = {"body": body, "modified": self._clock.now()}
        with self._lock:
            self._dashboards[name] = record
            self._store.put(_KIND, name, record)
        return {"DashboardValidationMessages": []}

    def _get(self, request: JsonObject) -> JsonObject:
        name = request["DashboardName"]
        return {"DashboardArn": self._arn(name), "DashboardBody": self._found(name)["body"], "DashboardName": name}

    def _list(self, request: JsonObject) -> JsonObject:
        with self._lock:
            entries = [
                {
                    "DashboardName": name,
                    "DashboardArn": self._arn(name),
                    "LastModified": record["modified"],
                    "Size": len(record["body"].encode()),
                }
                for name, record in sorted(self._dashboards.items())
                if name.startswith(request.get("DashboardNamePrefix", ""))
            ]
        return page("DashboardEntries", entries, request.get("NextToken"), _PAGE)

    def _delete(self, request: JsonObject) -> JsonObject:
        for name in request["DashboardNames"]:
            self._found(name)
        with self._lock:
            for name in request["DashboardNames"]:
                self._dashboards.pop(name, None)
                self._store.remove(_KIND, name)
        return {}

    def _found(self, name: str) -> JsonObject:
        record = self._dashboards.get(name)
        if record is None:
            raise AwsError("ResourceNotFound", f"Dashboard {name} does not exist", 404)
        return record

    def _arn(self, name: str) -> str:
        # Dashboards belong to an account, and to no region.
        return self._clients.global_arn("cloudwatch", f"dashboard/{name}")


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterInput", message)
