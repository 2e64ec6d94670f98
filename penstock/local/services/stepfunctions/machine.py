"""A state machine: its definition and its settings."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from penstock.local.service import JsonObject
from penstock.local.services.stepfunctions.plan import Plan

_DEFAULTS: JsonObject = {
    "type": "STANDARD",
    "loggingConfiguration": {"level": "OFF", "includeExecutionData": False},
    "tracingConfiguration": {"enabled": False},
    "encryptionConfiguration": {"type": "AWS_OWNED_KEY"},
}


@dataclass
class Machine:
    """A state machine; `settings` is whatever its creator said beside its definition and role."""

    arn: str
    name: str
    definition: str
    role_arn: str
    settings: JsonObject
    tags: dict[str, str]
    created: datetime
    updated: datetime
    revision: str = field(default_factory=lambda: str(uuid.uuid4()))

    @staticmethod
    def settings_of(request: JsonObject) -> JsonObject:
        """Return what a request says of a machine beside its definition and role, defaults filled in."""
        return {key: request.get(key, default) for key, default in _DEFAULTS.items()}

    def update(self, request: JsonObject, now: datetime) -> None:
        """Change what a request names; executions that run go on as they were."""
        self.settings = {key: request.get(key, value) for key, value in self.settings.items()}
        self.role_arn = request.get("roleArn", self.role_arn)
        self.definition = request.get("definition", self.definition)
        self.revision = str(uuid.uuid4())
        self.updated = now

    def plan(self) -> Plan:
        """Return what an execution that starts now runs."""
        logging = {"level": "OFF", "includeExecutionData": False} | self.settings["loggingConfiguration"]
        traced = bool(self.settings["tracingConfiguration"].get("enabled"))
        return Plan(self.arn, self.name, self.role_arn, self.definition, logging, traced)

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
