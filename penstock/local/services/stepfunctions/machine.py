"""A state machine: its definition, and its executions."""

import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from penstock.local.service import AwsError, JsonObject
from penstock.local.services.stepfunctions.execution import Execution, Plan
from penstock.local.services.stepfunctions.shapes import now

_DEFAULTS: JsonObject = {
    "type": "STANDARD",
    "loggingConfiguration": {"level": "OFF", "includeExecutionData": False},
    "tracingConfiguration": {"enabled": False},
    "encryptionConfiguration": {"type": "AWS_OWNED_KEY"},
}


@dataclass
class Machine:
    """A state machine; `program` is its definition, parsed, and `settings` whatever else its creator said."""

    arn: str
    name: str
    definition: str
    program: Any
    role_arn: str
    settings: JsonObject
    tags: dict[str, str]
    created: datetime = field(default_factory=now)
    updated: datetime = field(default_factory=now)
    revision: str = field(default_factory=lambda: str(uuid.uuid4()))
    executions: dict[str, Execution] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @staticmethod
    def settings_of(request: JsonObject) -> JsonObject:
        """Return what a request says of a machine beside its definition and role, defaults filled in."""
        return {key: request.get(key, default) for key, default in _DEFAULTS.items()}

    def update(self, request: JsonObject, program: Any) -> None:
        """Change what a request names; executions that run go on as they were."""
        self.settings = {key: request.get(key, value) for key, value in self.settings.items()}
        self.role_arn = request.get("roleArn", self.role_arn)
        self.definition = request.get("definition", self.definition)
        self.program = program or self.program
        self.revision = str(uuid.uuid4())
        self.updated = now()

    def start(self, name: str, text: str, make: Callable[[Plan], Execution]) -> Execution:
        """Start an execution; the same name with the same input, while it runs, is the same execution.

        Raises:
            AwsError: ExecutionAlreadyExists.
        """
        with self._lock:
            present = self.executions.get(name)
            if present is not None:
                if present.status == "RUNNING" and present.input == text:
                    return present
                raise AwsError("ExecutionAlreadyExists", f"Execution Already Exists: '{present.arn}'")
            plan = Plan(self.arn, self.name, self.role_arn, self.definition, self.program)
            execution = self.executions[name] = make(plan)
        execution.start()
        return execution

    def described(self) -> JsonObject:
        """Return the answer to DescribeStateMachine."""
        return {
            "stateMachineArn": self.arn,
            "name": self.name,
            "status": "ACTIVE",
            "definition": self.definition,
            "roleArn": self.role_arn,
            "creationDate": self.created,
            "revisionId": self.revision,
            **self.settings,
        }

    def listed(self) -> JsonObject:
        """Return what ListStateMachines says of it."""
        return {
            "stateMachineArn": self.arn,
            "name": self.name,
            "type": self.settings["type"],
            "creationDate": self.created,
        }
