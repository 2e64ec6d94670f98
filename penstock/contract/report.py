"""What came of all checks, as it is printed."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from penstock.contract.check import Verdict
from penstock.spec.mistakes import plural

_SIGNS = {"passed": "✓", "failed": "✗", "not applicable": "–"}  # noqa: RUF001  a dash is what it means


def lines(verdict: Verdict) -> list[str]:
    """Return the lines of a verdict: what it is about, and of one that failed what was expected and found."""
    reason = f": {verdict.reason}" if verdict.reason else ""
    shown = [f"{_SIGNS[verdict.outcome]} {verdict.title}{reason}"]
    if verdict.outcome == "failed":
        shown += [
            f"    expected: {verdict.expected}",
            f"    found:    {verdict.found}",
            f"    to do:    {verdict.remedy}",
        ]
    return shown


@dataclass(frozen=True)
class Report:
    """The verdicts on a container; `logs` is where those of its programs are, if they were kept."""

    container: str
    problem: str
    verdicts: Sequence[Verdict]
    seconds: float
    logs: Path | None

    def summary(self) -> list[str]:
        """Return the last lines."""
        passed, failed, others = (self._count(outcome) for outcome in _SIGNS)
        shown = [
            f"{self.container}: {plural(passed, 'check')} passed, {failed} failed, {others} did not apply,"
            f" in {self.seconds:.1f} s."
        ]
        return [*shown, f"The logs of its programs are in {self.logs}."] if self.logs else shown

    def as_json(self) -> str:
        """Return all of it in one line."""
        counts = {outcome.replace(" ", "_"): self._count(outcome) for outcome in _SIGNS}
        known = {"container": self.container, "problem": self.problem, **counts, "seconds": round(self.seconds, 2)}
        logs = str(self.logs) if self.logs else None
        return json.dumps({**known, "logs": logs, "checks": [asdict(verdict) for verdict in self.verdicts]})

    def _count(self, outcome: str) -> int:
        return sum(verdict.outcome == outcome for verdict in self.verdicts)
