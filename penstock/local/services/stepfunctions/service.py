"""AWS Step Functions: state machines and their executions."""

import json
import uuid
from collections.abc import Callable
from typing import Any

from penstock.local.clients import Clients
from penstock.local.service import AwsError, Caller, JsonObject
from penstock.local.services.events import Events
from penstock.local.services.stepfunctions import interpreter
from penstock.local.services.stepfunctions.execution import Execution
from penstock.local.services.stepfunctions.machine import Machine
from penstock.local.services.stepfunctions.machines import Machines, check_name
from penstock.local.services.stepfunctions.paging import page

_MOST_INPUT_BYTES = 262_144
_DATA = {"input", "output", "inputDetails", "outputDetails", "parameters"}


class StepFunctions:
    """Standard workflows, run by moto's interpreter as each machine's own role."""

    name = "stepfunctions"

    def __init__(self, *, clients: Clients, events: Events) -> None:
        interpreter.install()
        self._clients = clients
        self._events = events
        self._machines = Machines(clients)
        self._operations: dict[str, Callable[[JsonObject], JsonObject]] = {
            "CreateStateMachine": self._machines.create,
            "UpdateStateMachine": self._machines.update,
            "DescribeStateMachine": self._machines.describe,
            "DeleteStateMachine": self._machines.delete,
            "ListStateMachines": self._machines.list,
            "TagResource": self._machines.tag,
            "UntagResource": self._machines.untag,
            "ListTagsForResource": self._machines.list_tags,
            "StartExecution": self._start,
            "StopExecution": self._stop,
            "DescribeExecution": self._describe,
            "DescribeStateMachineForExecution": self._describe_machine,
            "ListExecutions": self._list,
            "GetExecutionHistory": self._history,
        }

    def call(self, operation: str, request: JsonObject, caller: Caller) -> JsonObject:  # noqa: ARG002
        """Serve one operation.

        Raises:
            AwsError: what AWS would have answered.
        """
        if operation not in self._operations:
            raise AwsError("UnknownOperationException", f"The local cloud does not serve {self.name}:{operation}.", 404)
        return self._operations[operation](request)

    def close(self) -> None:
        """End every execution, waiting ones at once."""
        for machine in self._machines.all():
            for execution in [*machine.executions.values()]:
                execution.abandon()

    def _start(self, request: JsonObject) -> JsonObject:
        machine = self._machines[request["stateMachineArn"]]
        name, text = request.get("name") or str(uuid.uuid4()), request.get("input", "{}")
        check_name(name)
        _check_input(text)
        execution = machine.start(
            name,
            text,
            lambda plan: Execution(
                plan=plan, name=name, text=text, clients=self._clients, publish=self._events.publish
            ),
        )
        return {"executionArn": execution.arn, "startDate": execution.started}

    def _stop(self, request: JsonObject) -> JsonObject:
        _, execution = self._find(request["executionArn"])
        execution.stop(request.get("error"), request.get("cause"))
        return {"stopDate": execution.stopped}

    def _describe(self, request: JsonObject) -> JsonObject:
        return self._find(request["executionArn"])[1].described()

    def _describe_machine(self, request: JsonObject) -> JsonObject:
        machine, execution = self._find(request["executionArn"])
        return {
            "stateMachineArn": machine.arn,
            "name": machine.name,
            "definition": execution.plan.definition,
            "roleArn": execution.plan.role_arn,
            "updateDate": machine.updated,
        }

    def _list(self, request: JsonObject) -> JsonObject:
        if "stateMachineArn" not in request:
            raise AwsError("ValidationException", "stateMachineArn is required: the local cloud has no map runs.")
        wanted = request.get("statusFilter")
        executions = [*self._machines[request["stateMachineArn"]].executions.values()]
        found, following = page([item for item in reversed(executions) if wanted in {None, item.status}], request)
        return {"executions": [execution.listed() for execution in found], **following}

    def _history(self, request: JsonObject) -> JsonObject:
        events = self._find(request["executionArn"])[1].history.events()
        found, following = page(events[::-1] if request.get("reverseOrder") else events, request)
        if request.get("includeExecutionData") is False:
            found = [{key: _without_data(value) for key, value in event.items()} for event in found]
        return {"events": [*found], **following}

    def _find(self, arn: str) -> tuple[Machine, Execution]:
        machine_arn, _, name = arn.replace(":execution:", ":stateMachine:").rpartition(":")
        machine = next((machine for machine in self._machines.all() if machine.arn == machine_arn), None)
        execution = machine.executions.get(name) if machine else None
        if machine is None or execution is None:
            raise AwsError("ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'")
        return machine, execution


def _check_input(text: str) -> None:
    try:
        json.loads(text)
    except ValueError as error:
        raise AwsError("InvalidExecutionInput", f"Invalid State Machine Execution Input: '{error}'") from error
    if len(text.encode()) > _MOST_INPUT_BYTES:
        raise AwsError("InvalidExecutionInput", f"The input is larger than {_MOST_INPUT_BYTES} bytes.")


def _without_data(value: Any) -> Any:
    return {key: item for key, item in value.items() if key not in _DATA} if isinstance(value, dict) else value
