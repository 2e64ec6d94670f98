"""An execution as the API and EventBridge show it."""

from typing import TYPE_CHECKING, Any

from penstock.local.service import JsonObject
from penstock.local.services.stepfunctions.shapes import epoch_milliseconds

if TYPE_CHECKING:
    from penstock.local.services.stepfunctions.execution import Execution


def listed(execution: "Execution") -> JsonObject:
    """Return what ListExecutions says of an execution."""
    return {
        "executionArn": execution.arn,
        "stateMachineArn": execution.plan.machine_arn,
        "name": execution.name,
        "status": execution.status,
        "startDate": execution.started,
        "redriveCount": execution.redrives,
        **_known(stopDate=execution.stopped, redriveDate=execution.redriven),
    }


def described(execution: "Execution") -> JsonObject:
    """Return the answer to DescribeExecution."""
    details = {"included": True}
    return {
        **listed(execution),
        "input": execution.input,
        "inputDetails": details,
        **_known(output=execution.output, error=execution.error, cause=execution.cause),
        **_known(outputDetails=None if execution.output is None else details),
        **_known(**_redrivable(execution)),
    }


def status_change(execution: "Execution") -> JsonObject:
    """Return the event that says in what status an execution is now."""
    return {
        "source": "aws.states",
        "detail-type": "Step Functions Execution Status Change",
        "resources": [execution.arn],
        "detail": {
            "executionArn": execution.arn,
            "stateMachineArn": execution.plan.machine_arn,
            "stateMachineVersionArn": None,
            "stateMachineAliasArn": None,
            "name": execution.name,
            "status": execution.status,
            "startDate": epoch_milliseconds(execution.started),
            "stopDate": epoch_milliseconds(execution.stopped) if execution.stopped else None,
            "input": execution.input,
            "inputDetails": {"included": True},
            "output": execution.output,
            "outputDetails": {"included": True} if execution.output is not None else None,
            "error": execution.error,
            "cause": execution.cause,
            "redriveCount": execution.redrives,
            "redriveDate": epoch_milliseconds(execution.redriven) if execution.redriven else None,
            **_redrivable(execution),
        },
    }


def _redrivable(execution: "Execution") -> JsonObject:
    reason = execution.obstacle()
    return {"redriveStatus": "NOT_REDRIVABLE" if reason else "REDRIVABLE", "redriveStatusReason": reason}


def _known(**members: Any) -> JsonObject:
    return {name: value for name, value in members.items() if value is not None}
