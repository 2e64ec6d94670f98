"""How a model was judged, in words: its metrics, and how it compares with the champion."""

from collections.abc import Mapping
from typing import Any

from penstock.run import report

_MOST = 3  # metrics in a line


def listed(metrics: Mapping[str, Any]) -> str:
    """Return the first metrics with their values: rmse 1 043.7 · mae 731.2."""
    shown = [f"{name} {value(metrics[name])}" for name in list(metrics)[:_MOST]]
    return " · ".join(shown)


def value(number: float | None) -> str:
    """Return a metric's value; one that could not be computed is stored as null."""
    return "none" if number is None else report.measured(number)


def versus(comparison: Mapping[str, Any], metric: str) -> str:
    """Return how a metric compares with the champion's, with the interval; nothing without a comparison of it.

    Args:
        comparison: by metric, as evaluation.json has it.
        metric: which one.
    """
    found = comparison.get(metric)
    if not found:
        return ""
    interval = f"{_percent(found['lower'])} to {_percent(found['upper'])} at {found['confidence'] * 100:g} %"
    return (
        f"{metric} {value(found['challenger'])}, champion {value(found['champion'])} on the same"
        f" {report.figure(found['rows'], 0)} rows: {_worse(found['worse_percent'])} ({interval})"
    )


def _worse(percent: float | None) -> str:
    if percent is None:
        return "cannot be compared"
    return f"{abs(percent):.1f} % {'worse' if percent > 0 else 'better'}" if round(percent, 1) else "equal"


def _percent(percent: float | None) -> str:
    return "?" if percent is None else f"{percent:+.1f} %"


def compared(judged: Mapping[str, Any], metric: str = "") -> str:
    """Return how a model was judged: against the champion where there was one to compare with, else its metrics.

    Args:
        judged: `challenger`, `champion` and `comparison`, as the gate has found them.
        metric: what the gate goes by; without it the first.
    """
    comparison = judged.get("comparison") or {}
    told = versus(comparison, metric or next(iter(comparison), ""))
    return told or listed((judged.get("challenger") or {}).get("metrics") or {})
