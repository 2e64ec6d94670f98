"""The JSONPath of DataProcessing: which parts of a record are sent to the model, or kept of the result.

https://docs.aws.amazon.com/sagemaker/latest/dg/batch-transform-data-processing.html
"""

import re
from dataclasses import dataclass
from typing import Any

from penstock.local.service import AwsError

_STEP = re.compile(
    r"""\.(?P<name>[A-Za-z_]\w*)
    | \[\s*(?P<names>'[^']*'(?:\s*,\s*'[^']*')*)\s*\]
    | \[\s*(?P<indexes>-?\d+(?:\s*,\s*-?\d+)*)\s*\]
    | \[\s*(?P<start>-?\d+)?\s*:\s*(?P<stop>-?\d+)?\s*\]""",
    re.VERBOSE,
)
Step = list[str] | list[int] | slice


@dataclass(frozen=True)
class JsonPath:
    """The steps of a path such as `$[1:]`, `$[0,2]`, `$.features` or `$['a','b']`; none of them is all of a record."""

    steps: tuple[Step, ...]

    @classmethod
    def parse(cls, text: str) -> "JsonPath":
        """Read a path.

        Raises:
            AwsError: ValidationException, it is none that SageMaker knows.
        """
        steps: list[Step] = []
        position = 1
        while position < len(text) and (found := _STEP.match(text, position)):
            steps.append(_step(found))
            position = found.end()
        if not text.startswith("$") or position != len(text):
            raise AwsError("ValidationException", f"Invalid JSONPath {text!r}, at character {position}.")
        return cls(tuple(steps))

    def of(self, record: Any) -> Any:
        """Return the part of a record; several names or indexes give several parts, a slice those between.

        Raises:
            ValueError: the record has no such part.
        """
        for step in self.steps:
            try:
                record = _taken(record, step)
            except (LookupError, TypeError) as error:
                raise ValueError(f"a record has no {step}: {record!r}") from error
        return record


def _step(found: "re.Match[str]") -> Step:
    if found["name"]:
        return [found["name"]]
    if found["names"]:
        return re.findall(r"'([^']*)'", found["names"])
    if found["indexes"]:
        return [int(index) for index in found["indexes"].split(",")]
    return slice(*(int(end) if end is not None else None for end in (found["start"], found["stop"])))


def _taken(record: Any, step: Step) -> Any:
    if isinstance(step, slice):
        return record[step]
    if len(step) == 1:
        return record[step[0]]
    if isinstance(record, dict):
        return {name: record[name] for name in step}
    return [record[index] for index in step]
