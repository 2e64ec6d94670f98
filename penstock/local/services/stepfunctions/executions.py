"""The executions of a cloud, and the operations on them."""

import threading
import uuid
from typing import Any

from penstock.local import strict_json
from penstock.local.service import AwsError, JsonObject, Operation
from penstock.local.services.stepfunctions.execution import Execution
from penstock.local.services.stepfunctions.kept import Kept
from penstock.local.services.stepfunctions.machines import Machines, check_name
from penstock.local.services.stepfunctions.paging import page
from penstock.local.services.stepfunctions.shapes import size
from penstock.local.services.stepfunctions.surroundings import Surroundings
from penstock.local.services.stepfunctions.task import MOST_BYTES
from penstock.local.services.stepfunctions.views import described, listed

_DATA = {"input", "output", "inputDetails", "outputDetails", "parameters"}


class Executions:
    """Executions by ARN, the oldest one first."""

    def __init__(self, machines: Machines, around: Surroundings) -> None:
        self._machines = machines
        self._around = around
        self._executions: dict[str, Execution] = {}
        self._lock = threading.Lock()

    def __contains__(self, arn: str) -> bool:
        return arn in self._executions

    def restore(self) -> list[str]:
        """Take up what was kept; return the ARNs of what ran when the cloud ended, which has then failed."""
        kept = Kept(self._around.store)
        machines = {machine.arn for machine in self._machines.all()}
        for arn, record in sorted(kept.records().items(), key=lambda item: item[1]["started"]):
            if record["plan"]["machine_arn"] in machines:
                self._executions[arn] = Execution.restored(record, kept.entries(arn), self._around)
            else:
                kept.forget(arn)  # its machine was deleted in the moment when the cloud was ended
        running = [execution for execution in self._executions.values() if execution.status == "RUNNING"]
        for execution in running:
            execution.cut_off()
        return [execution.arn for execution in running]

    def end(self, machine_arn: str) -> None:
        """End the executions of a machine that is deleted, and forget them."""
        for execution in self._of(machine_arn):
            execution.stop(error=None, cause="The state machine was deleted.")
            execution.forget()
            del self._executions[execution.arn]

    def close(self) -> None:
        """End every execution, waiting ones at once."""
        for execution in [*self._executions.values()]:
            execution.abandon()

    def start(self, request: JsonObject) -> JsonObject:
        """Serve StartExecution; the same name with the same input, while it runs, is the same execution."""
        machine = self._machines[request["stateMachineArn"]]
        name, text = request.get("name") or str(uuid.uuid4()), request.get("input", "{}")
        check_name(name)
        _check_input(text)
        execution = Execution(plan=machine.plan(), name=name, text=text, around=self._around)
        with self._lock:
            present = self._executions.setdefault(execution.arn, execution)
        if present is execution:
            execution.start()
        elif present.status != "RUNNING" or present.input != text:
            raise AwsError("ExecutionAlreadyExists", f"Execution Already Exists: '{present.arn}'")
        return {"executionArn": present.arn, "startDate": present.started}

    def stop(self, request: JsonObject) -> JsonObject:
        """Serve StopExecution."""
        execution = self._find(request)
        execution.stop(request.get("error"), request.get("cause"))
        return {"stopDate": execution.stopped}

    def redrive(self, request: JsonObject) -> JsonObject:
        """Serve RedriveExecution."""
        execution = self._find(request)
        execution.redrive(request.get("clientToken"))
        return {"redriveDate": execution.redriven}

    def describe(self, request: JsonObject) -> JsonObject:
        """Serve DescribeExecution."""
        return described(self._find(request))

    def describe_machine(self, request: JsonObject) -> JsonObject:
        """Serve DescribeStateMachineForExecution."""
        plan = self._find(request).plan
        return {
            "stateMachineArn": plan.machine_arn,
            "name": plan.machine_name,
            "definition": plan.definition,
            "roleArn": plan.role_arn,
            "updateDate": self._machines[plan.machine_arn].updated,
        }

    def list_all(self, request: JsonObject) -> JsonObject:
        """Serve ListExecutions."""
        if "stateMachineArn" not in request:
            raise AwsError("ValidationException", "stateMachineArn is required: the local cloud has no map runs.")
        machine = self._machines[request["stateMachineArn"]]
        wanted = [execution for execution in reversed(self._of(machine.arn)) if _is_wanted(execution, request)]
        found, following = page(wanted, request)
        return {"executions": [listed(execution) for execution in found], **following}

    def history(self, request: JsonObject) -> JsonObject:
        """Serve GetExecutionHistory."""
        events = self._find(request).history.events()
        found, following = page(events[::-1] if request.get("reverseOrder") else events, request)
        if request.get("includeExecutionData") is False:
            found = [{key: _without_data(value) for key, value in event.items()} for event in found]
        return {"events": [*found], **following}

    def operations(self) -> dict[str, Operation]:
        """Return what is served here, by the names of the operations."""
        return {
            "StartExecution": self.start,
            "StopExecution": self.stop,
            "RedriveExecution": self.redrive,
            "DescribeExecution": self.describe,
            "DescribeStateMachineForExecution": self.describe_machine,
            "ListExecutions": self.list_all,
            "GetExecutionHistory": self.history,
        }

    def _of(self, machine_arn: str) -> list[Execution]:
        return [execution for execution in [*self._executions.values()] if execution.plan.machine_arn == machine_arn]

    def _find(self, request: JsonObject) -> Execution:
        arn = request["executionArn"]
        execution = self._executions.get(arn)
        if execution is None:
            raise AwsError("ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'")
        return execution


def _is_wanted(execution: Execution, request: JsonObject) -> bool:
    redriven = "REDRIVEN" if execution.redrives else "NOT_REDRIVEN"
    return request.get("statusFilter") in {None, execution.status} and request.get("redriveFilter") in {None, redriven}


def _check_input(text: str) -> None:
    try:
        strict_json.parse_shallow(text)
    except ValueError as error:
        raise AwsError("InvalidExecutionInput", f"Invalid State Machine Execution Input: '{error}'") from error
    if size(text) > MOST_BYTES:
        raise AwsError("InvalidExecutionInput", f"The input is larger than {MOST_BYTES} bytes.")


def _without_data(value: Any) -> Any:
    return {key: item for key, item in value.items() if key not in _DATA} if isinstance(value, dict) else value
