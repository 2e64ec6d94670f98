"""What comes out of a run, as `--json` prints it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from penstock.local.service import JsonObject
from penstock.run.execution import Execution


@dataclass
class Result:
    """A run; `status` is the execution's, or FAILED where there was none.

    `gate` is how the model was judged: `challenger` and `champion`, `comparison` and `reasons`; None of a run that did
    not get there.
    """

    pipeline: str
    status: str = "FAILED"
    outcome: str | None = None
    execution: str | None = None
    generation: int | None = None
    endpoint: str | None = None
    model: str | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)
    gate: JsonObject | None = None
    predictions: str | None = None
    reasons: list[str] = field(default_factory=list)
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
        if "Gate" in run.states and run.states["Gate"].status == "SUCCEEDED":
            judged = {name: run.variables["judged"][name] or None for name in ("challenger", "champion", "comparison")}
            self.gate = {**judged, "reasons": run.variables["reasons"]}
        if run.status == "SUCCEEDED":
            self.outcome = run.output["outcome"]
            self.generation = run.output.get("generation")
            self.model = run.output.get("model") or None
            self.predictions = run.output.get("predictions") or None
            self.metrics = run.output.get("metrics") or {}
            self.reasons = run.output.get("reasons") or []
