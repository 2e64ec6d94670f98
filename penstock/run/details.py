"""What the line of a state says beside its name: the figure that a reader would look for."""

from collections.abc import Callable, Mapping
from typing import Any

from penstock.run import report
from penstock.run.execution import Execution, State
from penstock.spec.pipeline import Gate


def of(state: State, run: Execution, gate: Gate | None = None) -> str:
    """Return a few words on a state that has ended, from its output, or why it failed; `gate` is the pipeline's."""
    if state.name == "Gate" and gate is not None:
        return _judged(gate, run) + (": rejected" if state.status == "FAILED" else "")
    if state.status == "FAILED":
        return run.error or state.caught  # its cause is what the run ends with
    describe = _DETAILS.get(state.name)
    return describe(state.output, run) if describe is not None and state.output is not None else ""


def _prepared(output: Any, _run: Execution) -> str:
    return f"data pinned at {output['Payload']['data'].partition('://')[2].partition('/')[2]}"


def _metrics(output: Any) -> dict[str, float]:
    return {metric["MetricName"]: metric["Value"] for metric in output.get("FinalMetricDataList", [])}


def _judged(gate: Gate, run: Execution) -> str:
    metrics = _metrics(run.states["Train"].output)
    value = report.measured(metrics[gate.metric]) if gate.metric in metrics else "not reported"
    words, bound = ("at least", gate.at_least) if gate.at_most is None else ("at most", gate.at_most)
    return f"{gate.metric} {value}, {words} {report.bound(bound or 0)}"


def _trained(output: Any, _run: Execution) -> str:
    metrics = _metrics(output)
    rows, held_out = metrics.pop("rows_train", None), metrics.pop("rows_test", None)
    shown = " · ".join(f"{name} {report.measured(value)}" for name, value in list(metrics.items())[:1])
    counted = f"{report.figure(rows, 0)} rows" if rows is not None else ""
    held = f"({report.figure(held_out, 0)} held out)" if held_out is not None else ""
    return " · ".join(filter(None, (counted, f"{shown} {held}".strip())))


def _name(member: str) -> Callable[[Any, Execution], str]:
    return lambda output, _run: str(output[member]).rpartition("/")[2]


def _serving(_output: Any, run: Execution) -> str:
    # What a choice and a wait pass on is an earlier look's.
    looks = [
        state
        for state in run.states.values()
        if state.kind == "Task" and isinstance(state.output, dict) and "EndpointStatus" in state.output
    ]
    if not looks:
        return ""
    last = max(looks, key=lambda look: look.entered).output
    return f"{last['EndpointStatus']} on {last['EndpointConfigName']}"


def _smoked(output: Any, _run: Execution) -> str:
    predictions = output["Payload"]["predictions"]
    numbers = [value for value in predictions if isinstance(value, int | float)]
    span = f", from {report.measured(min(numbers))} to {report.measured(max(numbers))}" if numbers else ""
    return f"{len(predictions)} rows{span}"


_DETAILS: Mapping[str, Callable[[Any, Execution], str]] = {
    "Prepare": _prepared,
    "Train": _trained,
    "Create model": _name("ModelArn"),
    "Create endpoint config": _name("EndpointConfigArn"),
    "Create endpoint": _serving,
    "Update endpoint": _serving,
    "Restore endpoint": _serving,
    "Smoke test": _smoked,
}
