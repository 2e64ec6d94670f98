"""Runs of the tiny pipeline in a cloud, wherever that is, as its operator sees them."""

import json
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from battery.probe import Probe
from battery.processes import programs
from battery.project import ENDPOINT, PIPELINE
from penstock.local.clients import Clients
from penstock.local.control import Connection
from penstock.local.faults.plan import read_lines
from penstock.local.service import JsonObject

FOLDER = f"{PIPELINE}/data/"
_DATA = b"x,y\n1,2\n2,3\n3,4\n"
_RUN_SECONDS = 150
_SETTLING_SECONDS = 20
_LOOK_SECONDS = 0.1
_CHANGING = {"Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting"}


@dataclass(frozen=True)
class Ended:
    """An execution that has ended."""

    arn: str
    name: str
    status: str
    error: str
    cause: str
    output: Any
    states: Sequence[str]

    @property
    def at(self) -> str:
        """The last state that it was in."""
        return self.states[-1] if self.states else ""


class Runs:
    """What one does in a cloud that has the tiny project deployed; `outputs` are those of its stacks."""

    def __init__(self, clients: Clients, connection: Connection, work: Path, outputs: Mapping[str, str]) -> None:
        self.work = work
        self.outputs = outputs
        self._clients = clients
        self._connection = connection

    def client(self, service: str) -> Any:
        """Return a client that acts as the operator."""
        return self._clients.operator(service)

    @property
    def machine(self) -> str:
        """The state machine's ARN."""
        return self.outputs["StateMachineArn"]

    def put_data(self, key: str = f"{FOLDER}records.csv") -> None:
        """Put an object of three records into the data bucket."""
        self.client("s3").put_object(Bucket=self.outputs["DataBucketName"], Key=key, Body=_DATA)

    def input(self, settings: Mapping[str, Any], data: str = FOLDER) -> str:
        """Return an execution's input."""
        given: dict[str, Any] = {"data": f"s3://{self.outputs['DataBucketName']}/{data}"}
        return json.dumps(given | ({"train": {"hyperparameters": dict(settings)}} if settings else {}))

    def start(self, settings: Mapping[str, Any] | None = None, name: str = "", data: str = FOLDER) -> str:
        """Start an execution; return its ARN."""
        started = self.client("stepfunctions").start_execution(
            stateMachineArn=self.machine, name=name or secrets.token_hex(4), input=self.input(settings or {}, data)
        )
        return str(started["executionArn"])

    def wait(self, arn: str) -> Ended:
        """Wait for an execution to end."""
        states, deadline = self.client("stepfunctions"), time.monotonic() + _RUN_SECONDS
        while (described := states.describe_execution(executionArn=arn))["status"] == "RUNNING":
            assert time.monotonic() < deadline, f"{arn} runs after {_RUN_SECONDS} s: {self.states(arn)}"
            time.sleep(_LOOK_SECONDS)
        return Ended(
            arn=arn,
            name=described["name"],
            status=described["status"],
            error=described.get("error", ""),
            cause=described.get("cause", ""),
            output=json.loads(described.get("output") or "null"),
            states=self.states(arn),
        )

    def states(self, arn: str) -> list[str]:
        """Return the names of the states that an execution has entered."""
        pages = self.client("stepfunctions").get_paginator("get_execution_history").paginate(executionArn=arn)
        entered = (event.get("stateEnteredEventDetails") for page in pages for event in page["events"])
        return [details["name"] for details in entered if details]

    def run(self, settings: Mapping[str, Any] | None = None) -> Ended:
        """Run to the end."""
        return self.wait(self.start(settings))

    def probe(self) -> Probe:
        """Return somebody who uses the endpoint."""
        return Probe(self.client("sagemaker-runtime"), ENDPOINT)

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
        """Wait until no job and no deployment is under way; return the endpoint's description."""
        deadline = time.monotonic() + _SETTLING_SECONDS
        while time.monotonic() < deadline:
            endpoint = self.endpoint()
            if (endpoint is None or endpoint["EndpointStatus"] not in _CHANGING) and not self.jobs():
                return endpoint
            time.sleep(_LOOK_SECONDS)
        raise AssertionError(f"not settled after {_SETTLING_SECONDS} s: {self.endpoint()}, jobs {self.jobs()}")

    def jobs(self) -> list[str]:
        """Return the names of the training jobs that have not ended."""
        jobs = self.client("sagemaker").list_training_jobs(MaxResults=100, SortOrder="Descending")
        return [
            job["TrainingJobName"]
            for job in jobs["TrainingJobSummaries"]
            if job["TrainingJobStatus"] in {"InProgress", "Stopping"}
        ]

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

    def serving(self) -> None:
        """See to it that there is an endpoint that serves, with nothing planned to go wrong."""
        self.plan()
        endpoint = self.settle()
        if endpoint is None or endpoint["EndpointStatus"] != "InService":
            ended = self.run()
            assert ended.status == "SUCCEEDED", f"a clean run failed: {ended}"

    def without_endpoint(self) -> None:
        """See to it that there is no endpoint, with nothing planned to go wrong."""
        self.plan()
        if self.settle() is not None:
            self.client("sagemaker").delete_endpoint(EndpointName=ENDPOINT)
            self.settle()
