"""`report.html`: the evaluation for people, in one small file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from tabular.settings import Settings

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#1a2433;background:#fff}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}table{border-collapse:collapse;width:100%}
th,td{padding:.3rem .6rem;border-bottom:1px solid #d5dbe3;text-align:right;font-variant-numeric:tabular-nums}
th:first-child,td:first-child{text-align:left}th{font-weight:600}
p{max-width:42rem}
@media(prefers-color-scheme:dark){body{color:#dde4ee;background:#12171e}th,td{border-color:#343d49}}
"""


def report(document: Mapping[str, Any], settings: Settings, learnt: int) -> str:
    """Return the page: the data, the metrics with the champion's beside them, and what was taken for what.

    `learnt` is how many rows the model learnt from and was chosen by, 0 if that is not known.
    """
    ours = document["penstock"]
    target = f" of {settings.target}" if settings.target else ""
    parts = [
        f"<h1>{escape(settings.problem.capitalize())}{escape(target)}</h1>",
        _data(ours, settings, learnt),
        "<h2>Metrics</h2>",
        _comparison(ours) if ours["comparison"] else _alone(ours),
        *_threshold(ours["score_threshold"]),
        *_confusion(document),
    ]
    title = escape(f"{settings.problem}{target}")
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head><body>\n'
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def _data(ours: Mapping[str, Any], settings: Settings, learnt: int) -> str:
    split = settings.split
    shares = f"{split.method}, {split.validation:.0%} to validate, {split.test:.0%} to test, seed {split.seed}"
    rows = [("Split", shares), ("Test rows", f"{ours['rows']:,}")]
    if learnt:
        rows.append(("Rows learnt from, and validated with", f"{learnt:,}"))
    if ours["champion"]:
        rows.append(("Champion", ours["champion"]["run"] or "unnamed"))
        rows.append(("Test rows that are new to both", f"{ours['champion']['rows']:,}"))
    return "<h2>Data</h2>\n" + _table(("", ""), rows)


def _alone(ours: Mapping[str, Any]) -> str:
    deviations = ours["standard_deviations"]
    rows = [(name, _number(value), _number(deviations[name])) for name, value in ours["metrics"].items()]
    note = f"<p>Not compared with a champion: {escape(ours['not_compared'])}.</p>"
    return note + _table(("Metric", "Challenger", "Standard deviation"), rows)


def _comparison(ours: Mapping[str, Any]) -> str:
    any_one = next(iter(ours["comparison"].values()))
    note = (
        f"<p>Both models on the {any_one['rows']:,} test rows that neither learnt from. The difference is how much"
        f" worse the challenger is, in per cent of the champion: negative is better. Its interval is that of"
        f" {any_one['confidence']:.0%} of {any_one['resamples']:,} resamples.</p>"
    )
    rows = []
    for name, one in ours["comparison"].items():
        numbers = [_number(one["champion"]), _number(one["challenger"]), _percent(one["worse_percent"])]
        rows.append((name, *numbers, f"{_percent(one['lower'])} to {_percent(one['upper'])}", _verdict(one)))
    return note + _table(("Metric", "Champion", "Challenger", "Difference", "Interval", ""), rows)


def _threshold(found: Mapping[str, float] | None) -> list[str]:
    if not found:
        return []
    rows = [(name.replace("_", " "), _number(value)) for name, value in found.items()]
    return ["<h2>Score threshold</h2>", _table(("", ""), rows)]


def _confusion(document: Mapping[str, Any]) -> list[str]:
    sections = (value for name, value in document.items() if name.endswith("_metrics"))
    counts = next(iter(sections)).get("confusion_matrix")
    if not counts:
        return []
    rows = [(truth, *(f"{count:,}" for count in said.values())) for truth, said in counts.items()]
    return ["<h2>What is (rows) and what was said (columns)</h2>", _table(("", *counts), rows)]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows]
    names = f"<tr>{''.join(f'<th>{escape(name)}</th>' for name in head)}</tr>\n" if any(head) else ""
    return f"<table>\n{names}" + "\n".join(lines) + "\n</table>"


def _verdict(one: Mapping[str, Any]) -> str:
    """Say which model is better, if the interval leaves no doubt."""
    if one["lower"] is None or one["upper"] is None or one["lower"] <= 0 <= one["upper"]:
        return ""
    return "worse" if one["lower"] > 0 else "better"


def _number(value: float | None) -> str:
    return "undefined" if value is None else f"{value:,.6g}"


def _percent(value: float | None) -> str:
    return "undefined" if value is None else f"{value:+.2f} %"
