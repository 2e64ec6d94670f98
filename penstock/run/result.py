"""What comes out of a run, as `--json` prints it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from penstock.local.service import JsonObject
from penstock.run.execution import Execution


@dataclass
class Result:
    """A run; `status` is the execution's, or FAILED where there was none."""

    pipeline: str
    status: str = "FAILED"
    outcome: str | None = None
    execution: str | None = None
    endpoint: str | None = None
    model: str | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)
    states: list[JsonObject] = field(default_factory=list)
    faults: list[JsonObject] = field(default_factory=list)
    permissions: list[JsonObject] = field(default_factory=list)
    seconds: float = 0.0
    error: str | None = None

    def take(self, run: Execution) -> None:
        """Take over how an execution has ended."""
        self.status = run.status
        self.states = [
            {"name": state.name, "status": state.status, "seconds": round(state.seconds, 2)}
            for state in run.states.values()
        ]
        if run.status == "SUCCEEDED":
            self.outcome = run.output["outcome"]
            self.model = run.output.get("model")
            self.metrics = run.output["metrics"]
