"""The rules of whole columns: empty cells, kinds, labels and drift, with the champion's profile beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tabular.checking.column import Column
from tabular.checking.drift import stability
from tabular.checking.feature import Feature, empty_percent
from tabular.checking.findings import Findings
from tabular.errors import counted, listed
from tabular.settings import Settings

MAXIMUM_PSI = 0.25  # by convention: below 0.1 nothing has changed, above 0.25 much has
BINARY = 2
Profile = Mapping[str, Feature]


def check_columns(names: Iterable[str], settings: Settings, champion: Profile, findings: Findings) -> None:
    """Note the columns that are asked for and not there: by the spec, its rules, or what the champion learnt from."""
    there = set(names)
    wanted = dict.fromkeys(settings.columns if settings.columns is not None else champion, "")
    wanted.update(dict.fromkeys(settings.check.get("columns", {}), ""))
    if settings.target and settings.supervised:
        wanted[settings.target] = ""
    folded = {name.strip().casefold(): name for name in there}
    missing = [name for name in wanted if name not in there]
    unlike = [name for name in missing if name.strip().casefold() not in folded]
    for name in missing:
        if name not in unlike:
            meant = folded[name.strip().casefold()]
            findings.add(name, "missing_column", f'{name}: the data have no such column; did you mean it by "{meant}"?')
    if unlike:
        such = "such column" if len(unlike) == 1 else "such columns"
        text = f"{', '.join(unlike)}: the data have no {such}; the columns are {listed(sorted(there))}."
        findings.add(unlike[0] if len(unlike) == 1 else "", "missing_column", text)


def check_rows(rows: int, settings: Settings, findings: Findings) -> None:
    """Note that there are too few rows, unless a file could not be read to its end."""
    unread = any(finding.constraint_check_type == "file" for finding in findings.found)
    if rows < settings.minimum_rows and not unread:
        text = f"{counted(rows, 'row')}, at least {settings.minimum_rows:,} needed (data.minimum_rows)."
        findings.add("", "minimum_rows", text)


def check_kind(column: Column, findings: Findings) -> None:
    """Note the cells of a column of numbers that are none."""
    if column.numeric and column.text.rows:
        cells = counted(column.text.rows, "cell is not a finite number", "cells are no finite numbers")
        remedy = "" if column.declared else " Leave such cells empty, or declare the column a category."
        findings.add(column.name, "data_type_check", f"{column.name}: {cells}: {column.text}.{remedy}")


def check_labels(column: Column, problem: str, findings: Findings) -> None:
    """Note a target that there is nothing to learn from, or whose labels are not those of the problem."""
    labels = sorted(column.counts)
    if problem == "regression" and column.rows == column.present > 1 and column.low == column.high:
        text = f"{column.name}: every row has the same target, {column.low:g}: there is nothing to learn."
        findings.add(column.name, "labels", text)
    if problem == "binary" and len(labels) != BINARY:
        found = listed(labels) or "none"
        text = f"{column.name}: binary is 2 labels, not {found}; correct the target or set another problem."
        findings.add(column.name, "labels", text)
    if problem == "multiclass" and len(labels) < BINARY:
        what = f"one label, {listed(labels)}," if labels else "no label"
        findings.add(column.name, "labels", f"{column.name}: {what} is nothing to learn.")


def check_empties(one: Feature, champion: Feature | None, check: Mapping[str, Any], findings: Findings) -> None:
    """Note a column with more empty cells than are allowed."""
    name = one["name"]
    own = check.get("columns", {}).get(name, {}).get("maximum_empty_percent")
    allowed = check.get("maximum_empty_percent", 100) if own is None else own
    percent = empty_percent(one)
    if percent > allowed:
        beside = f" ({_percent(empty_percent(champion))} in the champion's data)" if champion else ""
        text = f"{name}: {_percent(percent)} empty, at most {_percent(allowed)} allowed{beside}."
        findings.add(name, "completeness_check", text)


def check_drift(
    one: Feature, champion: Feature | None, values: NDArray[np.float64], check: Mapping[str, Any], findings: Findings
) -> float | None:
    """Return the column's stability index, if it has one, and note that it is beyond both the limit and chance.

    A column of which the spec says `drift: none` is measured all the same, and may be anywhere.
    """
    found = stability(champion, one, values) if champion else None
    if champion is None or found is None:
        _check_same_kind(one, champion, findings)
        return None
    index, chance = found
    drift = check.get("drift", {"maximum_psi": MAXIMUM_PSI})
    exempt = check.get("columns", {}).get(one["name"], {}).get("drift") == "none"
    allowed = drift["maximum_psi"] if isinstance(drift, dict) and not exempt else None
    if allowed is not None and index > max(allowed, chance):
        text = f"{one['name']}: population stability index {index:.3g}, at most {allowed:g} allowed: "
        findings.add(one["name"], "drift", f"{text}its values are no longer spread as in the champion's data.")
    return index


def check_unlimited(one: Feature, champion: Feature | None, check: Mapping[str, Any], findings: Findings) -> None:
    """Note that new values are refused in a column of which not all the champion's values are known."""
    rules = check.get("columns", {}).get(one["name"], {})
    if rules.get("new_values") == "refuse" and rules.get("values") is None and (champion or {}).get("counts_truncated"):
        text = f"{one['name']}: it has too many different values for new_values: refuse; name them in values, or allow."
        findings.add(one["name"], "new_values", text)


def _check_same_kind(one: Feature, champion: Feature | None, findings: Findings) -> None:
    kinds: Sequence[bool] = ["numerical_statistics" in each for each in (one, champion or one)]
    known = champion and "Unknown" not in (one["inferred_type"], champion["inferred_type"])
    if known and kinds[0] != kinds[1]:
        now, before = ("numbers", "text") if kinds[0] else ("text", "numbers")
        findings.add(one["name"], "data_type_check", f"{one['name']}: {now} now, {before} in the champion's data.")


def _percent(value: float) -> str:
    return f"{value:.3g} %"
