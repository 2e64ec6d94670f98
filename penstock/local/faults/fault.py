"""One fault of a plan."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from penstock.local.faults.sections import KINDS

# What a fault is about, in one word of the one-line form: the member that stands after the `=`.
MAIN = {
    "throttle": "operation",
    "timeout": "operation",
    "lose": "operation",
    "error": "operation",
    "deny": "operation",
    "delay": "operation",
    "fail": "job",
    "stop": "job",
    "hang": "job",
    "fill": "job",
    "interrupt": "job",
    "crash": "hook",
    "endpoint": "status",
    "kill": "endpoint",
}
_MOMENTS = ("crash", "endpoint")


@dataclass(frozen=True)
class Fault:
    """What is to go wrong, where, and how often; patterns are those of a shell, and `*` is anything.

    `fault` is one of MAIN's; the members that it does not use have their defaults.
    """

    fault: str
    operation: str = ""  # sagemaker:CreateTrainingJob, or a pattern
    job: str = ""  # training, processing, transform or tuning
    hook: str = ""  # prepare, a function's whole name, or a pattern
    status: str = ""  # of an endpoint
    endpoint: str = ""  # its name, or a pattern
    moment: str = ""  # of a crash or of an endpoint's life
    role: str = "*"  # the name of the role that calls
    name: str = "*"  # of the job or endpoint; or a value that the call has among its parameters
    seconds: float | None = None
    call: int = 1  # the one that a crash follows
    code: str = ""
    message: str = ""
    http: int = 500
    reason: str = ""
    times: int = 1
    always: bool = False

    @property
    def text(self) -> str:
        """The fault as one line, which `penstock.local.faults.plan.read_lines` reads; defaults are left out."""
        main = MAIN[self.fault]
        plain = {"fault", main, "times"}
        text = f"{self.fault}={getattr(self, main)}"
        if self.fault in _MOMENTS and self.moment:
            text, plain = f"{text}:{self.moment}", plain | {"moment"}
        if self.times > 1:
            text += f"*{self.times}"
        elif self.always and not self._default("always"):
            text, plain = f"{text}*always", plain | {"always"}
        others = {
            name: value for name, value in vars(self).items() if name not in plain and value != self._default(name)
        }
        return text + "".join(f",{name}={_written(value)}" for name, value in others.items())

    def _default(self, member: str) -> Any:
        """Return the value that a member has when it is not given."""
        fields = KINDS[self.fault].model_fields
        return fields[member].default if member in fields else getattr(_DEFAULTS, member)


_DEFAULTS = Fault("")


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def matches(pattern: str, *values: str) -> bool:
    """Does one of the values match a pattern?"""
    return any(fnmatchcase(value, pattern) for value in values)
