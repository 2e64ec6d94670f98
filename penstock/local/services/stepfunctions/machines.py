"""The state machines of a cloud, and the operations on them."""

import re
import threading
from collections.abc import Callable

from penstock.local.clients import Clients
from penstock.local.clock import Clock
from penstock.local.service import AwsError, JsonObject
from penstock.local.services.stepfunctions import definitions, managed_rules
from penstock.local.services.stepfunctions.log_destination import LogDestination
from penstock.local.services.stepfunctions.machine import Machine
from penstock.local.services.stepfunctions.paging import page
from penstock.local.services.stepfunctions.shapes import milliseconds

# Of machines and of executions.
_NAME = re.compile(r"[^\s<>{}\[\]?*\"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]{1,80}")


def check_name(name: str) -> None:
    """Refuse a name that AWS refuses.

    Raises:
        AwsError: InvalidName.
    """
    if not _NAME.fullmatch(name):
        raise AwsError("InvalidName", f"Invalid Name: '{name}'")


class Machines:
    """State machines by ARN; `ended` hears of one that is deleted."""

    def __init__(self, *, clients: Clients, clock: Clock, logs: LogDestination, ended: Callable[[str], None]) -> None:
        self._clients = clients
        self._clock = clock
        self._logs = logs
        self._ended = ended
        self._machines: dict[str, Machine] = {}
        self._lock = threading.Lock()

    def __getitem__(self, arn: str) -> Machine:
        """Return a machine.

        Raises:
            AwsError: StateMachineDoesNotExist.
        """
        machine = self._machines.get(arn)
        if machine is None:
            raise AwsError("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")
        return machine

    def all(self) -> list[Machine]:
        """Return every machine, the oldest one first."""
        return [*self._machines.values()]

    def create(self, request: JsonObject) -> JsonObject:
        """Serve CreateStateMachine; the same machine may be created twice."""
        name = request["name"]
        check_name(name)
        if request.get("type", "STANDARD") != "STANDARD":
            raise AwsError(
                "StateMachineTypeNotSupported", f"{name}: the local cloud runs machines of type STANDARD only."
            )
        arn = self._clients.arn("states", f"stateMachine:{name}")
        now = milliseconds(self._clock.now())
        made = Machine(
            arn=arn,
            name=name,
            definition=request["definition"],
            role_arn=request["roleArn"],
            settings=Machine.settings_of(request),
            tags={tag["key"]: tag["value"] for tag in request.get("tags", [])},
            created=now,
            updated=now,
        )
        self._check(request, arn, made.role_arn)
        with self._lock:
            machine = self._machines.setdefault(arn, made)
        if (machine.definition, machine.settings) != (made.definition, made.settings):
            raise AwsError("StateMachineAlreadyExists", f"State Machine Already Exists: '{arn}'")
        return {"stateMachineArn": arn, "creationDate": machine.created}

    def update(self, request: JsonObject) -> JsonObject:
        """Serve UpdateStateMachine."""
        machine = self[request["stateMachineArn"]]
        self._check(request, machine.arn, request.get("roleArn", machine.role_arn))
        machine.update(request, milliseconds(self._clock.now()))
        return {"updateDate": machine.updated, "revisionId": machine.revision}

    def describe(self, request: JsonObject) -> JsonObject:
        """Serve DescribeStateMachine."""
        return self[request["stateMachineArn"]].described()

    def delete(self, request: JsonObject) -> JsonObject:
        """Serve DeleteStateMachine: executions that run end at once, where AWS waits for their next transition."""
        if self._machines.pop(request["stateMachineArn"], None) is not None:
            self._ended(request["stateMachineArn"])
        return {}

    def list(self, request: JsonObject) -> JsonObject:
        """Serve ListStateMachines."""
        machines, following = page(self.all(), request)
        return {"stateMachines": [machine.listed() for machine in machines], **following}

    def tag(self, request: JsonObject) -> JsonObject:
        """Serve TagResource."""
        self[request["resourceArn"]].tags.update({tag["key"]: tag["value"] for tag in request["tags"]})
        return {}

    def untag(self, request: JsonObject) -> JsonObject:
        """Serve UntagResource."""
        for key in request["tagKeys"]:
            self[request["resourceArn"]].tags.pop(key, None)
        return {}

    def list_tags(self, request: JsonObject) -> JsonObject:
        """Serve ListTagsForResource."""
        return {"tags": [{"key": key, "value": value} for key, value in self[request["resourceArn"]].tags.items()]}

    def validate(self, request: JsonObject) -> JsonObject:
        """Serve ValidateStateMachineDefinition."""
        try:
            self._define(request["definition"])
        except AwsError as error:
            found = {"severity": "ERROR", "code": error.code, "message": error.message}
            return {"result": "FAIL", "diagnostics": [found]}
        return {"result": "OK", "diagnostics": []}

    def _check(self, request: JsonObject, arn: str, role_arn: str) -> None:
        """Check what a request says of a machine, and prepare what its role has to."""
        if "definition" in request:
            self._define(request["definition"])
            managed_rules.make(self._clients, request["definition"], role_arn=role_arn, machine_arn=arn)
        if "loggingConfiguration" in request:
            self._logs.open(request["loggingConfiguration"], role_arn=role_arn, machine_arn=arn)

    def _define(self, definition: str) -> None:
        definitions.check(definition, lambda service: self._clients.operator(service).meta.service_model)
