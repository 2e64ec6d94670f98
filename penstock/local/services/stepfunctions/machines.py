"""The state machines of a cloud, and the operations on them."""

import re
import threading
from typing import Any

from penstock.local.clients import Clients
from penstock.local.service import AwsError, JsonObject
from penstock.local.services.stepfunctions import definitions
from penstock.local.services.stepfunctions.machine import Machine
from penstock.local.services.stepfunctions.paging import page

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
    """State machines by ARN."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
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
        arn = f"arn:aws:states:{self._clients.region}:{self._clients.account}:stateMachine:{name}"
        made = Machine(
            arn=arn,
            name=name,
            definition=request["definition"],
            program=self._program(request["definition"]),
            role_arn=request["roleArn"],
            settings=Machine.settings_of(request),
            tags={tag["key"]: tag["value"] for tag in request.get("tags", [])},
        )
        with self._lock:
            machine = self._machines.setdefault(arn, made)
        if (machine.definition, machine.settings) != (made.definition, made.settings):
            raise AwsError("StateMachineAlreadyExists", f"State Machine Already Exists: '{arn}'")
        return {"stateMachineArn": arn, "creationDate": machine.created}

    def update(self, request: JsonObject) -> JsonObject:
        """Serve UpdateStateMachine."""
        machine = self[request["stateMachineArn"]]
        machine.update(request, self._program(request["definition"]) if "definition" in request else None)
        return {"updateDate": machine.updated, "revisionId": machine.revision}

    def describe(self, request: JsonObject) -> JsonObject:
        """Serve DescribeStateMachine."""
        return self[request["stateMachineArn"]].described()

    def delete(self, request: JsonObject) -> JsonObject:
        """Serve DeleteStateMachine: executions that run end at once, where AWS waits for their next transition."""
        machine = self._machines.pop(request["stateMachineArn"], None)
        for execution in machine.executions.values() if machine else ():
            execution.stop(error=None, cause="The state machine was deleted.")
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

    def _program(self, definition: str) -> Any:
        return definitions.program(definition, lambda service: self._clients.operator(service).meta.service_model)
