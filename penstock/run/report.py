"""What a run shows on the terminal: one line a state, figures with units, nothing repeated."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import click

from penstock.run.execution import State

_NAME_WIDTH = 24
_MINUTE = 60
_LONG = re.compile(r"(?<![\w.])-?\d+\.\d{4,}(?![\w.])")


def figure(value: float, digits: int = 1) -> str:
    """Return a number with thin groups of thousands: 1 043.7."""
    return f"{value:,.{digits}f}".replace(",", " ")


def bound(value: float) -> str:
    """Return a number with all of its digits, as somebody has chosen it: 1 300, 0.05."""
    return f"{value:,.15g}".replace(",", " ")


def duration(seconds: float) -> str:
    """Return a time in the units that fit it: 4.2 s, 4 m 12 s, 1 h 5 m."""
    if seconds < _MINUTE:
        return f"{seconds:.1f} s"
    minutes = int(seconds) // _MINUTE
    if minutes < _MINUTE:
        return f"{minutes} m {int(seconds) % _MINUTE} s"
    return f"{minutes // _MINUTE} h {minutes % _MINUTE} m"


def measured(value: float) -> str:
    """Return a number with as many digits as are worth reading: 1 043.7, 0.912."""
    return figure(value, 1 if abs(value) >= 10 else 3)  # noqa: PLR2004


def rounded(text: str) -> str:
    """Return text whose long numbers are cut to the digits that are worth reading."""
    return _LONG.sub(lambda number: measured(float(number[0])), text)


def started(name: str, detail: str = "") -> str:
    """Return the line of a state that is being worked on."""
    return f"  {click.style('…', fg='cyan')} {name:<{_NAME_WIDTH}}   {detail}".rstrip()


def waiting(name: str, answers: str) -> str:
    """Return the line of a state that waits for a person."""
    return f"  {click.style('…', fg='yellow')} {name:<{_NAME_WIDTH}}   waits for {answers}"


def ended(state: State, detail: str) -> str:
    """Return the line of a state that has ended."""
    mark = click.style("✓", fg="green") if state.status == "SUCCEEDED" else click.style("✗", fg="red", bold=True)
    return f"  {mark} {state.name:<{_NAME_WIDTH}} {state.seconds:5.1f} s   {detail}".rstrip()


def step(text: str) -> str:
    """Return the line of something that was done on the way to the execution."""
    return f"{click.style('●', fg='cyan')} {text}"


def predictions(rows: Sequence[Mapping[str, str]], target: str | None, predicted: Sequence[Any]) -> list[str]:
    """Return a table of predicted values, beside the true ones where the rows have them.

    A row goes by its first two text columns.
    """
    known = target is not None and bool(rows) and target in rows[0]
    lines = [f"  {'Predictions':<28} {'true' if known else '':>12} {'predicted':>12}"]
    for row, value in zip(rows, predicted, strict=True):
        names = [text for column, text in row.items() if column != target and text and not _is_number(text)]
        true = _shown(row[target]) if known and target is not None else ""
        lines.append(f"  {' · '.join(names[:2])[:28]:<28} {true:>12} {_shown(value):>12}")
    return lines


def _shown(value: object) -> str:
    return figure(float(str(value))) if _is_number(value) else str(value)


def _is_number(value: object) -> bool:
    try:
        float(str(value))
    except ValueError:
        return False
    return True
