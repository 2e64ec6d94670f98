"""The metrics of AWS/States: of executions, and of the functions and integrations that they call."""

from datetime import timedelta

from penstock.local.services.cloudwatch import Metrics
from penstock.local.services.stepfunctions.history import Entry, Path

_NAMESPACE = "AWS/States"
_BY_STATUS = {
    "SUCCEEDED": "ExecutionsSucceeded",
    "FAILED": "ExecutionsFailed",
    "ABORTED": "ExecutionsAborted",
    "TIMED_OUT": "ExecutionsTimedOut",
}


_STEPS = {"Scheduled", "Started", "Succeeded", "Failed", "TimedOut"}


class Measures:
    """Publishes what happens in one execution."""

    def __init__(self, metrics: Metrics, machine_arn: str) -> None:
        self._metrics = metrics
        self._machine = {"StateMachineArn": machine_arn}
        self._functions: dict[Path, str] = {}

    def add(self, name: str) -> None:
        """Count something that an execution did."""
        self._metrics.add(_NAMESPACE, name, 1, "Count", self._machine)

    def ended(self, status: str, lasted: timedelta) -> None:
        """Take in that the execution has ended, in a status."""
        self.add(_BY_STATUS[status])
        self._metrics.add(_NAMESPACE, "ExecutionTime", lasted.total_seconds() * 1000, "Milliseconds", self._machine)

    def take(self, entry: Entry) -> None:
        """Take in an event: a step of a task is counted for what the task calls."""
        kind, event = entry.event["type"], entry.event
        for family, metric in (("LambdaFunction", "LambdaFunctions"), ("Task", "ServiceIntegrations")):
            step = kind.removeprefix(family)
            details = event.get(f"{kind[0].lower()}{kind[1:]}EventDetails", {})
            # A task whose arguments could not be made has called nothing.
            if step in _STEPS and (family == "LambdaFunction" or "resource" in details):
                called = self._function(entry, details) if family == "LambdaFunction" else _integration(details)
                self._metrics.add(_NAMESPACE, f"{metric}{step}", 1, "Count", called)

    def _function(self, entry: Entry, details: dict[str, str]) -> dict[str, str]:
        """Only the first event of a call names the function."""
        if "resource" in details:
            self._functions[entry.path] = details["resource"]
        return {"LambdaFunctionArn": self._functions[entry.path]}


def _integration(details: dict[str, str]) -> dict[str, str]:
    return {"ServiceIntegrationResourceArn": f"arn:aws:states:::{details['resourceType']}:{details['resource']}"}
