"""One thing that a container's programs have to do, and what came of looking whether they do it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

Subject = TypeVar("Subject")


class BreachError(Exception):
    """The contract is broken: what was expected, what was found, and what to do."""

    def __init__(self, expected: str, found: str, remedy: str) -> None:
        super().__init__(f"expected {expected}; found {found}")
        self.expected = expected
        self.found = found
        self.remedy = remedy


class NotApplicableError(Exception):
    """There is nothing to check; the message says why."""


@dataclass(frozen=True)
class Verdict:
    """What came of a check; `reason` says why one does not apply."""

    title: str
    outcome: Literal["passed", "failed", "not applicable"]
    seconds: float
    expected: str = ""
    found: str = ""
    remedy: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Check(Generic[Subject]):
    """A check by its title, which says what a program does that passes."""

    title: str
    run: Callable[[Subject], None]

    def judge(self, subject: Subject) -> Verdict:
        """Run the check."""
        began = time.perf_counter()

        def seconds() -> float:
            return round(time.perf_counter() - began, 2)

        try:
            self.run(subject)
        except BreachError as breach:
            return Verdict(
                self.title, "failed", seconds(), expected=breach.expected, found=breach.found, remedy=breach.remedy
            )
        except NotApplicableError as reason:
            return Verdict(self.title, "not applicable", seconds(), reason=str(reason))
        return Verdict(self.title, "passed", seconds())
