"""How a pipeline stands: its last execution, what it means and what to do, its endpoint, and who waits for what."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from penstock.run import events, report
from penstock.run.approving import Request, waiting
from penstock.run.artefacts import Artefacts
from penstock.run.causes import reason
from penstock.run.deployments import Deployments, name_of
from penstock.run.execution import Execution
from penstock.run.generations import serving
from penstock.run.machines import endpoint_of, executions, find_machine
from penstock.spec import Pipeline

_INDENT = "  "


@dataclass(frozen=True)
class Status:
    """How a pipeline stands, as `penstock status --json` prints it."""

    pipeline: str
    execution: str | None = None
    status: str | None = None  # of the last execution; None if there was none
    state: str | None = None  # where it is, or at which it failed
    seconds: float | None = None
    outcome: str | None = None
    reasons: list[str] = field(default_factory=list)
    metrics: Mapping[str, float] = field(default_factory=dict)
    cause: str | None = None
    report: str | None = None  # what was reported of a failure
    arn: str | None = None
    endpoint: str | None = None
    endpoint_status: str | None = None
    endpoint_config: str | None = None
    generation: int | None = None  # that the endpoint serves
    lock: str | None = None  # the execution that deploys now
    approval: Mapping[str, Any] | None = None

    def lines(self) -> Iterator[str]:
        """Yield what a terminal shows."""
        yield " · ".join(filter(None, (self.pipeline, self._run(), self._endpoint())))
        yield from self._told()
        if self.lock and self.lock != self.execution:
            yield f"{_INDENT}Lock    run {self.lock} deploys"
        if self.approval:
            generation, execution, asked = (self.approval[name] for name in ("generation", "execution", "asked"))
            yield f"{_INDENT}Waits   generation {generation}, of run {execution}, for approval since {asked}"
            yield f"{_INDENT}Do      `penstock approve {self.pipeline} --why TEXT`, or reject"

    def _run(self) -> str:
        if self.execution is None:
            return "never run"
        ended = "RUNNING" if self.status == "RUNNING" else self.outcome or self.status
        at = f" at {self.state}" if self.state and self.outcome is None else ""
        after = f" {'for' if self.status == 'RUNNING' else 'after'} {report.duration(self.seconds or 0)}"
        return f"execution {self.execution} · {ended}{at}{after}"

    def _endpoint(self) -> str:
        if self.endpoint is None:
            return ""
        if self.endpoint_status is None:
            return "no endpoint yet"
        generation = f", generation {self.generation}" if self.generation is not None else ""
        doing = "serving" if self.endpoint_status == "InService" else f"{self.endpoint_status} with"
        return f"endpoint {self.endpoint} {doing} {self.endpoint_config}{generation}"

    def _told(self) -> Iterator[str]:
        if self.report:
            body = self.report.partition("\n\n")[2] or self.report  # its first line is what stands above
            yield from (f"{_INDENT}{line}".rstrip() for line in body.splitlines())
        elif self.cause:
            yield f"{_INDENT}Cause   {self.cause}"
        for why in self.reasons:
            yield f"{_INDENT}Reason  {report.rounded(why)}"
        if self.metrics:
            shown = " · ".join(f"{name} {report.measured(value)}" for name, value in self.metrics.items())
            yield f"{_INDENT}Metrics {shown}"
        if self.arn and not self.report:
            yield f"{_INDENT}Where   {self.arn}"


def status_of(client: Callable[[str], Any], pipeline: Pipeline, environment: str, now: datetime) -> Status:
    """Return how a pipeline stands in an environment; `client` gives a client of an AWS service."""
    states, name = client("stepfunctions"), f"{environment}-{pipeline.name}"
    machine = find_machine(states, name)
    if machine is None:
        return Status(pipeline.name)
    owner = Deployments(client, environment).running_owner(name)
    request = waiting(client, environment, pipeline.name)
    return Status(
        pipeline.name,
        **_last_run(client, machine, now),
        **_served(client("sagemaker"), endpoint_of(pipeline, environment)),
        lock=name_of(owner) or None,
        approval=_asked(request) if request is not None else None,
    )


def _asked(request: Request) -> dict[str, Any]:
    execution, asked = name_of(request.approval.execution), request.approval.asked
    return {"execution": execution, "generation": request.generation, "asked": asked}


def _last_run(client: Callable[[str], Any], machine: str, now: datetime) -> dict[str, Any]:
    states = client("stepfunctions")
    last = next(iter(executions(states, machine)), None)
    if last is None:
        return {}
    told = events.history(states, last["executionArn"])
    run = events.take_all(Execution(last["executionArn"], last["name"]), told)
    output = run.output or {}
    at = run.failed_state or (run.current if run.status == "RUNNING" else None)
    failed = run.status not in {"RUNNING", "SUCCEEDED"}
    stored = Artefacts(client("s3"), run.variables.get("folder", ""))
    return {
        "execution": run.name,
        "status": run.status,
        "state": at.name if at is not None else None,
        "seconds": ((last.get("stopDate") or now) - last["startDate"]).total_seconds(),
        "outcome": output.get("outcome"),
        "reasons": output.get("reasons") or [],
        "metrics": output.get("metrics") or {},
        "cause": ": ".join(filter(None, (run.error, reason(run.cause)))) if failed else None,
        "report": (stored.text("failure.txt") or None) if failed else None,
        "arn": last["executionArn"],
    }


def _served(sagemaker: Any, endpoint: str | None) -> dict[str, Any]:
    if endpoint is None:
        return {}
    try:
        described = sagemaker.describe_endpoint(EndpointName=endpoint)
    except ClientError as error:
        if "Could not find" not in error.response["Error"]["Message"]:
            raise
        return {"endpoint": endpoint}
    return {
        "endpoint": endpoint,
        "endpoint_status": described["EndpointStatus"],
        "endpoint_config": described["EndpointConfigName"],
        "generation": serving(sagemaker, endpoint),
    }
