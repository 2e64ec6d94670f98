"""Runs of the tiny pipeline in a cloud, wherever that is, as its operator sees them."""

import json
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from battery.operating import Operator
from battery.probe import Probe
from battery.project import ENDPOINT, PIPELINE

FOLDER = f"{PIPELINE}/data/"
_DATA = b"x,y\n1,2\n2,3\n3,4\n"
_RUN_SECONDS = 150
_LOOK_SECONDS = 0.1


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
    def outcome(self) -> str:
        """What came of an execution that succeeded."""
        return str((self.output or {}).get("outcome", ""))

    @property
    def at(self) -> str:
        """The last state that it was in."""
        return self.states[-1] if self.states else ""


class Runs(Operator):
    """Runs of the pipeline, from their data to their end."""

    @property
    def machine(self) -> str:
        """The state machine's ARN."""
        return self.outputs["StateMachineArn"]

    def put_data(self, key: str = f"{FOLDER}records.csv", body: bytes = _DATA) -> None:
        """Put an object into the data bucket: three records, unless another `body` is given."""
        self.client("s3").put_object(Bucket=self.outputs["DataBucketName"], Key=key, Body=body)

    def input(self, settings: Mapping[str, Any], data: str = FOLDER, **more: Any) -> str:
        """Return an execution's input."""
        given: dict[str, Any] = {"data": f"s3://{self.outputs['DataBucketName']}/{data}", **more}
        return json.dumps(given | ({"train": {"hyperparameters": dict(settings)}} if settings else {}))

    def start(self, settings: Mapping[str, Any] | None = None, name: str = "", data: str = FOLDER, **more: Any) -> str:
        """Start an execution; return its ARN."""
        given = self.input(settings or {}, data, **more)
        started = self.client("stepfunctions").start_execution(
            stateMachineArn=self.machine, name=name or secrets.token_hex(4), input=given
        )
        return str(started["executionArn"])

    def start_known(self, generation: int) -> str:
        """Start an execution that deploys a generation again; return its ARN."""
        given = json.dumps({"generation": generation})
        started = self.client("stepfunctions").start_execution(
            stateMachineArn=self.machine, name=secrets.token_hex(4), input=given
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

    def redrive(self, arn: str) -> Ended:
        """Continue an execution at the state that failed, to its end."""
        self.client("stepfunctions").redrive_execution(executionArn=arn)
        return self.wait(arn)

    def deploying(self, arn: str) -> tuple[datetime, datetime]:
        """Return when an execution had taken the lock, and when it had released it."""
        pages = self.client("stepfunctions").get_paginator("get_execution_history").paginate(executionArn=arn)
        events = [event for page in pages for event in page["events"] if "stateExitedEventDetails" in event]
        left = {event["stateExitedEventDetails"]["name"]: event["timestamp"] for event in events}
        return left["Take lock"], left["Release lock"]

    def run(self, settings: Mapping[str, Any] | None = None) -> Ended:
        """Run to the end."""
        return self.wait(self.start(settings))

    def probe(self) -> Probe:
        """Return somebody who uses the endpoint."""
        return Probe(self.client("sagemaker-runtime"), ENDPOINT)

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
