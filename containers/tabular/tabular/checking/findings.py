"""What is wrong with the data: all of it is gathered, and said at once."""

from __future__ import annotations

from dataclasses import dataclass, field

from tabular.errors import counted, quoted

SHOWN = 5
KEPT = 1000


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, in the terms of SageMaker's constraint violations; `feature_name` may be empty."""

    feature_name: str
    constraint_check_type: str
    description: str


@dataclass
class Findings:
    """All that is wrong, in the order in which it was found."""

    found: list[Finding] = field(default_factory=list)

    def add(self, column: str, kind: str, description: str) -> None:
        """Note a finding; its description is a sentence that names the column, the rows and the limit."""
        self.found.append(Finding(column, kind, description))


class Sightings:
    """Values that should not be there: how many rows have each, and where the first one is."""

    def __init__(self) -> None:
        self.rows = 0
        self._counts: dict[str, int] = {}
        self._first: dict[str, str] = {}

    def add(self, value: str, place: str) -> None:
        """Note a row that has the value."""
        self.rows += 1
        if value in self._counts or len(self._counts) < KEPT:
            self._counts[value] = self._counts.get(value, 0) + 1
            self._first.setdefault(value, place)

    @property
    def distinct(self) -> int:
        """How many different values were seen, as far as they are kept."""
        return len(self._counts)

    def __str__(self) -> str:
        shown = ", ".join(
            f"{quoted(value)} ({counted(rows, 'row')}, first at {self._first[value]})"
            for value, rows in list(self._counts.items())[:SHOWN]
        )
        return shown if self.distinct <= SHOWN else f"{shown} and {self.distinct - SHOWN:,} more"
