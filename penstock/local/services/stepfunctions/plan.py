"""What is executed: a machine as it was when the execution started."""

import functools
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from penstock.local.service import JsonObject
from penstock.local.services.stepfunctions import interpreter

_parsed = functools.lru_cache(maxsize=64)(interpreter.parse)


@dataclass(frozen=True)
class Plan:
    """A definition, the role that it runs as, and the machine's settings; a redrive keeps to it."""

    machine_arn: str
    machine_name: str
    role_arn: str
    definition: str
    logging: Mapping[str, Any]
    traced: bool

    @property
    def program(self) -> Any:
        """The definition, parsed."""
        return _parsed(self.definition)

    def record(self) -> JsonObject:
        """Return what is kept of it."""
        return asdict(self)
