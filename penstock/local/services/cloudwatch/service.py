"""Amazon CloudWatch: the service."""

from penstock.local.clients import Clients
from penstock.local.clock import Clock
from penstock.local.service import AwsError, JsonObject, ListedService, Operation
from penstock.local.services.cloudwatch.actions import Actions, Bus
from penstock.local.services.cloudwatch.alarm import Alarm
from penstock.local.services.cloudwatch.alarm_operations import AlarmOperations
from penstock.local.services.cloudwatch.alarms import Alarms
from penstock.local.services.cloudwatch.dashboards import Dashboards
from penstock.local.services.cloudwatch.data_operations import DataOperations
from penstock.local.services.cloudwatch.history import History
from penstock.local.services.cloudwatch.metrics import Metrics
from penstock.local.services.cloudwatch.watch import Watch
from penstock.local.store import Store


class CloudWatch(ListedService):
    """CloudWatch: metrics, and alarms that are watched from `restore` on.

    Alarms, their history and dashboards are kept as records in the store, at each change; metrics every second.
    """

    name = "cloudwatch"

    def __init__(self, *, clients: Clients, metrics: Metrics, events: Bus, store: Store, clock: Clock) -> None:
        self._metrics = metrics
        self._history = History(store)
        self._actions = Actions(clients=clients, events=events, history=self._history, clock=clock)
        self._alarms = Alarms(store=store, history=self._history, clock=clock, moved=self._actions.moved)
        self._dashboards = Dashboards(clients=clients, store=store, clock=clock)
        self._watch = Watch(alarms=self._alarms, metrics=metrics, clock=clock, store=store)
        self._operations: dict[str, Operation] = {
            **AlarmOperations(alarms=self._alarms, clients=clients, clock=clock).operations,
            **DataOperations(metrics=metrics, clock=clock).operations,
            **self._dashboards.operations,
            "DescribeAlarmHistory": self._history.describe,
            "TagResource": self._tag,
            "UntagResource": self._untag,
            "ListTagsForResource": self._tags,
        }

    def restore(self) -> None:
        """Take up what an earlier cloud kept, and begin to watch."""
        self._metrics.restore()
        self._history.restore()
        self._dashboards.restore()
        self._alarms.restore()
        self._watch.start()

    def close(self) -> None:
        """End the evaluation of alarms, carry out the actions that are due, and save the metrics."""
        self._watch.close()
        self._actions.close()

    def _tag(self, request: JsonObject) -> JsonObject:
        alarm = self._tagged(request)
        added = {tag["Key"]: tag["Value"] for tag in request["Tags"]}
        self._alarms.change(alarm.name, tags=alarm.tags | added)
        return {}

    def _untag(self, request: JsonObject) -> JsonObject:
        alarm = self._tagged(request)
        kept = {key: value for key, value in alarm.tags.items() if key not in request["TagKeys"]}
        self._alarms.change(alarm.name, tags=kept)
        return {}

    def _tags(self, request: JsonObject) -> JsonObject:
        return {"Tags": [{"Key": key, "Value": value} for key, value in self._tagged(request).tags.items()]}

    def _tagged(self, request: JsonObject) -> Alarm:
        arn = request["ResourceARN"]
        alarm = self._alarms.get(arn.rpartition(":alarm:")[2])
        if alarm is None or alarm.arn != arn:
            raise AwsError("ResourceNotFoundException", f"Resource {arn} does not exist", 404)
        return alarm
