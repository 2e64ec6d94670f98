"""What the line of a state says beside its name: the figure that a reader would look for."""

from collections.abc import Callable, Mapping
from typing import Any

from penstock.run import report
from penstock.run.execution import Execution, State


def of(state: State, run: Execution) -> str:
    """Return a few words on a state that has ended, from its output, or why it failed."""
    if state.status == "FAILED":
        return run.error  # its cause is what the run ends with
    describe = _DETAILS.get(state.name)
    return describe(state.output, run) if describe is not None and state.output is not None else ""


def _prepared(output: Any, _run: Execution) -> str:
    return f"data pinned at {output['Payload']['data'].partition('://')[2].partition('/')[2]}"


def _trained(output: Any, _run: Execution) -> str:
    metrics = {metric["MetricName"]: metric["Value"] for metric in output.get("FinalMetricDataList", [])}
    rows, held_out = metrics.pop("rows_train", None), metrics.pop("rows_test", None)
    shown = " · ".join(f"{name} {_figure(value)}" for name, value in list(metrics.items())[:1])
    counted = f"{report.figure(rows, 0)} rows" if rows is not None else ""
    held = f"({report.figure(held_out, 0)} held out)" if held_out is not None else ""
    return " · ".join(filter(None, (counted, f"{shown} {held}".strip())))


def _name(member: str) -> Callable[[Any, Execution], str]:
    return lambda output, _run: str(output[member]).rpartition("/")[2]


def _serving(_output: Any, run: Execution) -> str:
    looks: list[Mapping[str, Any]] = [
        state.output
        for state in run.states.values()
        if isinstance(state.output, dict) and "EndpointStatus" in state.output
    ]
    return f"{looks[-1]['EndpointStatus']} on {looks[-1]['EndpointConfigName']}" if looks else ""


def _smoked(output: Any, _run: Execution) -> str:
    predictions = output["Payload"]["predictions"]
    numbers = [value for value in predictions if isinstance(value, int | float)]
    span = f", from {_figure(min(numbers))} to {_figure(max(numbers))}" if numbers else ""
    return f"{len(predictions)} rows{span}"


def _figure(value: float) -> str:
    return report.figure(value, 1 if abs(value) >= 10 else 3)  # noqa: PLR2004


_DETAILS: Mapping[str, Callable[[Any, Execution], str]] = {
    "Prepare": _prepared,
    "Train": _trained,
    "Create model": _name("ModelArn"),
    "Create endpoint config": _name("EndpointConfigArn"),
    "Create endpoint": _serving,
    "Update endpoint": _serving,
    "Smoke test": _smoked,
}
