import json
import time
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from penstock.local.clock import Clock
from penstock.local.service import AwsError, Caller, JsonObject
from penstock.local.services.stepfunctions import StepFunctions
from penstock.local.store import Store

_ENOUGH_SECONDS = 60


class Published(list[JsonObject]):
    """The events that were published."""

    def publish(self, event: JsonObject) -> None:
        self.append(event)

    def statuses(self) -> list[str]:
        return [event["detail"]["status"] for event in self]


class Measured(list[tuple[str, float, dict[str, str]]]):
    """The metrics that were published."""

    def add(self, namespace: str, name: str, value: float, _unit: str, dimensions: dict[str, str]) -> None:
        assert namespace == "AWS/States"
        self.append((name, value, dimensions))


class Fake:
    """A service that answers as the test says, and keeps what it was asked."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.answers: dict[str, Callable[[JsonObject], JsonObject]] = {}
        self.calls: list[tuple[str, JsonObject, str]] = []

    def call(self, operation: str, request: JsonObject, caller: Caller) -> JsonObject:
        if operation == "GetPolicy":  # the cloud itself asks whether a role may call
            raise AwsError("ResourceNotFoundException", "no policy", 404)
        if operation == "ListTags":
            return {"Tags": []}
        self.calls.append((operation, request, caller.arn))
        if operation not in self.answers:
            raise AwsError("ValidationException", f"no answer to {operation}")
        return self.answers[operation](request)


class Sfn:
    """Step Functions as its clients see it."""

    def __init__(self, cloud: Any, speed: float = 1) -> None:
        self.cloud = cloud
        self.published = Published()
        self.measured = Measured()
        self.store, self.clock = Store(), Clock(speed=speed)
        self.service = cloud.add(self.again())
        self.client = cloud.clients.operator("stepfunctions")
        self.role = cloud.role()
        self._numbers = count()

    def again(self) -> StepFunctions:
        """Return a new service with the same store, as the next start of a cloud has it."""
        return StepFunctions(
            clients=self.cloud.clients,
            events=self.published,  # type: ignore[arg-type]
            access=self.cloud.access,
            metrics=self.measured,  # type: ignore[arg-type]
            store=self.store,
            clock=self.clock,
        )

    def fake(self, name: str) -> Fake:
        """Put a new fake in the place of a service."""
        fake = Fake(name)
        self.cloud.services[name] = fake
        return fake

    def create(self, states: JsonObject, **top: Any) -> str:
        definition = {"QueryLanguage": "JSONata", "StartAt": next(iter(states)), "States": states} | top
        created = self.client.create_state_machine(
            name=f"machine-{next(self._numbers)}", definition=json.dumps(definition), roleArn=self.role
        )
        return str(created["stateMachineArn"])

    def start(self, states: JsonObject, input: Any = None, **top: Any) -> str:  # noqa: A002
        machine = self.create(states, **top)
        started = self.client.start_execution(
            stateMachineArn=machine, name="run", input=json.dumps({} if input is None else input)
        )
        return str(started["executionArn"])

    def wait(self, arn: str) -> JsonObject:
        deadline = time.monotonic() + _ENOUGH_SECONDS
        while (execution := self.client.describe_execution(executionArn=arn))["status"] == "RUNNING":
            assert time.monotonic() < deadline, f"{arn} runs on: {self.history(arn)[-1]}"
            time.sleep(0.01)
        return dict(execution)

    def run(self, states: JsonObject, input: Any = None, **top: Any) -> JsonObject:  # noqa: A002
        return self.wait(self.start(states, input, **top))

    def output(self, states: JsonObject, input: Any = None, **top: Any) -> Any:  # noqa: A002
        execution = self.run(states, input, **top)
        assert execution["status"] == "SUCCEEDED", execution
        return json.loads(execution["output"])

    def history(self, arn: str) -> list[JsonObject]:
        return list(self.client.get_execution_history(executionArn=arn)["events"])

    def entered(self, arn: str, state: str) -> None:
        """Wait until an execution is in a state."""
        deadline = time.monotonic() + _ENOUGH_SECONDS
        while state not in [event.get("stateEnteredEventDetails", {}).get("name") for event in self.history(arn)]:
            assert time.monotonic() < deadline
            time.sleep(0.01)


@pytest.fixture(scope="module")
def service(small_cloud: Any) -> Sfn:
    return Sfn(small_cloud)


@pytest.fixture
def sfn(service: Sfn) -> Sfn:
    """Step Functions, shared by the tests of a module: each makes machines of its own."""
    service.published.clear()
    return service


@pytest.fixture(scope="session")
def make_service() -> type[Sfn]:
    """Make Step Functions with a clock of another speed."""
    return Sfn
