"""What one sees and does as the operator of a cloud that has the tiny project deployed."""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from battery.processes import programs
from battery.project import ENDPOINT
from penstock.local.clients import Clients
from penstock.local.control import Connection
from penstock.local.faults.plan import read_lines
from penstock.local.service import JsonObject
from waiting import until

_SETTLING_SECONDS = 20
_LOOK_SECONDS = 0.1
_LOCK = {"endpoint": {"S": ENDPOINT}}
_CHANGING = {"Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting"}


class Operator:
    """The operator of a cloud, wherever that is; `outputs` are those of its stacks."""

    def __init__(self, clients: Clients, connection: Connection, work: Path, outputs: Mapping[str, str]) -> None:
        self.work = work
        self.outputs = outputs
        self._clients = clients
        self._connection = connection

    def client(self, service: str) -> Any:
        """Return a client that acts as the operator."""
        return self._clients.operator(service)

    def endpoint(self) -> dict[str, Any] | None:
        """Return what DescribeEndpoint says, or None."""
        sagemaker = self.client("sagemaker")
        try:
            described: dict[str, Any] = sagemaker.describe_endpoint(EndpointName=ENDPOINT)
        except sagemaker.exceptions.ClientError:
            return None
        return described

    def plan(self, *lines: str) -> None:
        """Plan faults, instead of those that were planned."""
        self._connection.faults(plan=read_lines(lines), forget=None)

    def planned(self) -> list[JsonObject]:
        """Return the planned faults, each with where it was met."""
        planned: list[JsonObject] = self._connection.faults()["faults"]
        return planned

    def unmet(self) -> list[str]:
        """Return the planned faults that have not come to pass."""
        return [item["fault"] for item in self.planned() if not item["met"]]

    def settle(self) -> dict[str, Any] | None:
        """Wait until no job and no deployment is under way, and no alarm would undo the next one.

        Returns the endpoint's description.
        """
        deadline = time.monotonic() + _SETTLING_SECONDS
        while time.monotonic() < deadline:
            endpoint = self.endpoint()
            rests = endpoint is None or endpoint["EndpointStatus"] not in _CHANGING
            if rests and not self.jobs() and not self.ringing():
                return endpoint
            time.sleep(_LOOK_SECONDS)
        raise AssertionError(
            f"not settled after {_SETTLING_SECONDS} s: {self.endpoint()}, {self.jobs()}, {self.ringing()}"
        )

    def ringing(self) -> list[str]:
        """Return the names of the alarms on the endpoint that are in ALARM: a deployment would be rolled back."""
        found = self.client("cloudwatch").describe_alarms(StateValue="ALARM")["MetricAlarms"]
        return [alarm["AlarmName"] for alarm in found if "AlarmsEndpoint" in alarm["AlarmName"]]

    def jobs(self) -> list[str]:
        """Return the names of the training and processing jobs that have not ended."""
        sagemaker, newest = self.client("sagemaker"), {"MaxResults": 100, "SortOrder": "Descending"}
        training = sagemaker.list_training_jobs(**newest)["TrainingJobSummaries"]
        processing = sagemaker.list_processing_jobs(**newest)["ProcessingJobSummaries"]
        return [
            job[f"{kind}JobName"]
            for kind, jobs in (("Training", training), ("Processing", processing))
            for job in jobs
            if job[f"{kind}JobStatus"] in {"InProgress", "Stopping"}
        ]

    def lock(self) -> dict[str, Any]:
        """Return the item of the endpoint in the table of deployments."""
        (table,) = self.client("dynamodb").list_tables()["TableNames"]
        got = self.client("dynamodb").get_item(TableName=table, Key=_LOCK, ConsistentRead=True)
        return {name: next(iter(value.values())) for name, value in got.get("Item", {}).items()}

    def token(self, arn: str) -> str:
        """Return what an answer to an execution takes, as soon as it has asked."""

        def waiting() -> str:
            approval = self.lock().get("approval", {})
            return str(approval["token"]["S"]) if approval.get("execution", {}).get("S") == arn else ""

        return str(until(waiting))

    def answer(self, arn: str, *, approved: bool) -> None:
        """Say whether what an execution has asked about may be deployed."""
        output = json.dumps({"approved": approved, "why": "It is Friday.", "by": "arn:aws:iam::123456789012:user/me"})
        self.client("stepfunctions").send_task_success(taskToken=self.token(arn), output=output)

    def hold_lock(self, owner: str, *, expires: float) -> None:
        """Let an execution have the lock, as if it had taken it."""
        (table,) = self.client("dynamodb").list_tables()["TableNames"]
        item = {**_LOCK, "owner": {"S": owner}, "expires": {"N": str(round(expires))}}
        self.client("dynamodb").put_item(TableName=table, Item=item)

    def deployed(self, run: str) -> list[str]:
        """Return the endpoint configs of a run, one for each time that one was deployed."""
        return [
            resource.rpartition("/")[2]
            for line in (self.work / "calls.jsonl").read_text().splitlines()
            if f"{ENDPOINT}-{run}" in line
            for call in [json.loads(line)]
            if call["operation"] in {"CreateEndpoint", "UpdateEndpoint"}
            and (call["result"] == "OK" or call["result"].startswith("LostResponse"))
            for resource in call["resources"]
            if ":endpoint-config/" in resource
        ]

    def programs(self) -> set[Path]:
        """Return the base folders of the programs that run."""
        return programs(self.work)
