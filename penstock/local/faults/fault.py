"""One fault of a plan."""

from dataclasses import dataclass
from fnmatch import fnmatchcase

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
        """The fault as one line, which `penstock.local.faults.plan.read_line` reads."""
        main = MAIN[self.fault]
        plain = {"fault", main, "times", "always"}
        text = f"{self.fault}={getattr(self, main)}"
        if self.fault in _MOMENTS and self.moment:
            text, plain = f"{text}:{self.moment}", plain | {"moment"}
        if self.always or self.times > 1:
            text += "*always" if self.always else f"*{self.times}"
        others = {
            name: value for name, value in vars(self).items() if name not in plain and value != getattr(_DEFAULTS, name)
        }
        return text + "".join(f",{name}={value}" for name, value in others.items())


_DEFAULTS = Fault("")


def matches(pattern: str, *values: str) -> bool:
    """Does one of the values match a pattern?"""
    return any(fnmatchcase(value, pattern) for value in values)
