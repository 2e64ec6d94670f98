"""What a service is told to let go wrong: each of these was planned, and is used up by being asked for."""

from dataclasses import dataclass
from typing import Literal

JobEnd = Literal["Failed", "Stopped", "Hang", "FillDisk"]
Moment = Literal["before", "during", "after"]

# The largest file that a program may write whose disk is "full". A program's disk cannot be made full without
# privileges: what is real is that its writes beyond this fail, with EFBIG ("File too large") where a full disk gives
# ENOSPC. Its log, and a short /opt/ml/output/failure, are still written.
FULL_DISK_BYTES = 32 * 1024


@dataclass(frozen=True)
class JobFault:
    """How a job is to end.

    Failed: the program is not started; the job fails for `reason`. Stopped: it stops as after StopTrainingJob. Hang:
    the program is not started, and the job goes on until it is stopped or its time is up. FillDisk: the program runs
    with `file_bytes` as the size of the largest file that it may write: `Program.start(…, file_bytes=…)`.
    """

    end: JobEnd
    reason: str = "InternalServerError: We encountered an internal error. Please try again. (a planned fault)"
    file_bytes: int = FULL_DISK_BYTES


@dataclass(frozen=True)
class EndpointFault:
    """What a deployment ends in.

    Failed: a new endpoint fails; OutOfService: it has the new configuration, and serves nothing. RollingBack: an update
    is rolled back, and the endpoint is InService as before. UpdateRollbackFailed: an update and its rollback fail, and
    the endpoint stays so, with the former instances serving. It stays in transition for `seconds` of the cloud's time.
    """

    status: str
    seconds: float
    reason: str


@dataclass(frozen=True)
class HookFault:
    """When the process of a function crashes.

    before: the handler is never called. after: it has run whole, and its answer is lost. during: `seconds` after the
    handler was called, or, where that is None, as soon as the `call`th AWS call that it makes has had its effect; see
    `Faults.during`. Whatever the moment, Lambda reports the crash as Runtime.ExitError.
    """

    moment: Moment
    call: int = 1
    seconds: float | None = None


@dataclass(frozen=True)
class ServingFault:
    """The process that serves is killed (SIGKILL), `seconds` after it has come in service."""

    seconds: float
