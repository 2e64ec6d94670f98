"""Check data: what the command `check` runs."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tabular.checking import rules
from tabular.checking.column import Column
from tabular.checking.feature import Feature, feature
from tabular.checking.findings import Findings
from tabular.checking.limits import CellRules
from tabular.checking.profile import read_features, write_profile
from tabular.checking.sample import Sample
from tabular.checking.stream import Chunk, chunks
from tabular.errors import TabularError, counted
from tabular.settings import Settings, read_settings


def run(arguments: Namespace) -> None:
    """Profile the data, write `profile.json`, and hold it against the spec and the champion's profile.

    Raises:
        TabularError: the data are bad: all findings, a line each.
    """
    settings = read_settings(arguments.settings)
    champion = read_features(arguments.champion)
    findings = Findings()
    scan = _Scan(settings, champion)
    for chunk in chunks(arguments.data, findings):
        scan.add(chunk)
    scan.write(arguments.output, findings)
    if findings.found:
        raise TabularError("\n".join(finding.description for finding in findings.found))
    sys.stdout.write(f"{counted(scan.rows, 'row')} of {counted(len(scan.columns), 'column')}: nothing is wrong.\n")


class _Scan:
    """One pass over the rows, and the verdict after it."""

    def __init__(self, settings: Settings, champion: Mapping[str, Feature]) -> None:
        self.settings, self.champion = settings, champion
        self.rows = 0
        self.columns: dict[str, Column] = {}
        self._cells: dict[str, CellRules] = {}
        self._sample = Sample()
        self._labels: dict[str, int] = {}

    def add(self, chunk: Chunk) -> None:
        if not self.columns:
            self._begin(tuple(chunk.columns))
        self.rows += len(chunk.lines)
        values = {name: self.columns[name].add(chunk) for name in self.columns}
        for name, cells in self._cells.items():
            cells.look(chunk, values[name])
        if self.settings.problem == "binary" and self.settings.target in values:
            values[self.settings.target] = self._codes(chunk.columns[self.settings.target])
        self._sample.add(values)

    def write(self, folder: Path, findings: Findings) -> None:
        """Write the profile, with everything that is wrong with it."""
        rules.check_rows(self.rows, self.settings, findings)
        if self.columns:
            rules.check_columns(self.columns, self.settings, self.champion, findings)
        features = [self._judge(column, findings) for column in self.columns.values()]
        write_profile(folder, self.rows, features, findings)

    def _begin(self, names: tuple[str, ...]) -> None:
        target, check = self.settings.target, self.settings.check
        for name in names:
            required = self.settings.supervised and name == target
            own = check.get("columns", {}).get(name, {})
            self.columns[name] = Column(name, self._declared(name))
            self._cells[name] = CellRules(name, own, self.champion.get(name), required=required)

    def _declared(self, name: str) -> str:
        if name == self.settings.target:
            return "number" if self.settings.problem == "regression" else "category"
        return (self.settings.columns or {}).get(name, "")

    def _codes(self, labels: tuple[str, ...]) -> NDArray[np.float64]:
        """Number the labels as they come: which of them is the positive one is known at the end."""
        for label in labels:
            self._labels.setdefault(label, len(self._labels))
        return np.array([self._labels[label] for label in labels], np.float64)

    def _judge(self, column: Column, findings: Findings) -> dict[str, Any]:
        check, name = self.settings.check, column.name
        values = self._sample.column(name)
        champion = self.champion.get(name)
        found = feature(column, values, self._correlation(column, values))
        rules.check_kind(column, findings)
        if name == self.settings.target:
            rules.check_labels(column, self.settings.problem, findings)
        self._cells[name].report(findings, numeric=column.numeric)
        rules.check_empties(found, champion, check, findings)
        rules.check_unlimited(found, champion, check, findings)
        found["population_stability_index"] = rules.check_drift(found, champion, values, check, findings)
        return found

    def _correlation(self, column: Column, values: NDArray[np.float64]) -> float | None:
        """Return Pearson's correlation of a column of numbers with the target; None where there is none."""
        if column.name == self.settings.target or self.settings.target not in self.columns:
            return None
        target = self._sample.column(self.settings.target)
        if self.settings.problem == "binary":
            target = target == self._labels.get(max(self._labels, default=""), 0)
        both = ~(np.isnan(values) | np.isnan(target))
        first, second = values[both], target[both].astype(np.float64)
        if not column.numeric or not len(first) or not first.std() or not second.std():
            return None
        return float(np.corrcoef(first, second)[0, 1])
