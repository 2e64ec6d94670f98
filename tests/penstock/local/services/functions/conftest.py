import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from penstock.local.clock import Clock
from penstock.local.services.cloudwatch import Metrics
from penstock.local.services.functions import Lambda
from penstock.local.store import Store


@dataclass
class Answer:
    """What an invocation gave."""

    payload: Any
    error: str | None
    log: str


class Functions:
    """Lambda as its clients see it."""

    def __init__(self, cloud: Any, zipped: Callable[[dict[str, str]], bytes]) -> None:
        self.cloud = cloud
        self._zipped = zipped
        self.metrics = Metrics(clock=Clock(), store=Store())
        lambda_ = Lambda(
            clients=cloud.clients,
            work=cloud.work,
            faults=cloud.faults,
            metrics=self.metrics,
            clock=Clock(),
            store=Store(),
            retry_seconds=(0.05, 0.05),
        )
        self.service = cloud.add(lambda_)
        self.client = cloud.clients.operator("lambda")
        self.role = cloud.role()
        self._numbers = count()

    def create(self, code: str, **settings: Any) -> str:
        """Make a function whose module is `app`, and return its name."""
        name = f"function-{next(self._numbers)}"
        request = {"Runtime": "python3.13", "Handler": "app.handler", "Timeout": 20, "Role": self.role, **settings}
        request.setdefault("Code", {"ZipFile": self._zipped({"app.py": code})})
        self.client.create_function(FunctionName=name, **request)
        return name

    def invoke(self, name: str, event: Any = None, **more: Any) -> Answer:

        answer = self.client.invoke(FunctionName=name, Payload=json.dumps(event).encode(), LogType="Tail", **more)
        log = base64.b64decode(answer.get("LogResult", "")).decode()
        return Answer(json.loads(answer["Payload"].read() or b"null"), answer.get("FunctionError"), log)

    def run(self, code: str, event: Any = None, **settings: Any) -> Answer:
        return self.invoke(self.create(code, **settings), event)

    def log_messages(self, group: str) -> list[str]:
        logs = self.cloud.clients.operator("logs")
        if not logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
            return []
        return [event["message"] for event in logs.filter_log_events(logGroupName=group)["events"]]


@pytest.fixture(scope="module")
def functions(small_cloud: Any, zipped: Callable[[dict[str, str]], bytes]) -> Functions:
    """Lambda, shared by the tests of a module: each makes functions of its own."""
    return Functions(small_cloud, zipped)
