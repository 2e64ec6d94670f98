"""The models of a plan of faults: one for each kind of fault, with the keys that it takes."""

from typing import Literal

from pydantic import Field

from penstock.spec.fields import Section

_MOST_SECONDS = 3600


class Planned(Section):
    """What every fault has."""

    times: int = Field(default=1, ge=1, le=1_000_000, description="How often it happens.")
    always: bool = Field(default=False, description="It happens every time.")


class OfCall(Planned):
    """A fault of an AWS call."""

    operation: str = Field(description="Give the operation, as in sagemaker:CreateTrainingJob.")
    role: str = Field(default="*", description="The name of the role that calls, or a pattern.")
    name: str = Field(default="*", description="A pattern for one of the call's parameters: a name, an ARN.")


class Throttle(OfCall):
    """The service is busy: its own throttling error."""

    fault: Literal["throttle"]


class Lose(OfCall):
    """The call is carried out, and its response is lost."""

    fault: Literal["lose"]


class Deny(OfCall):
    """The role may not make the call, every time unless `always` is false."""

    fault: Literal["deny"]
    always: bool = Field(default=True, description="It happens every time.")


class Timeout(OfCall):
    """The call is not carried out; the connection is silent for `seconds`, and is then cut."""

    fault: Literal["timeout"]
    seconds: float = Field(default=1.0, ge=0, le=_MOST_SECONDS, description="Until the connection is cut.")


class Failure(OfCall):
    """The call is refused with an error."""

    fault: Literal["error"]
    code: str = Field(default="InternalFailure", description="The error's code.")
    message: str = Field(default="A planned fault.", description="The error's message.")
    http: int = Field(default=500, ge=400, le=599, description="The HTTP status.")


class Delay(OfCall):
    """What SageMaker made is not to be found yet; what it updated still shows as it was."""

    fault: Literal["delay"]
    seconds: float = Field(default=3.0, ge=0, le=_MOST_SECONDS, description="In the cloud's time.")


class OfJob(Planned):
    """A job that does not complete."""

    fault: Literal["fail", "stop", "hang", "fill"]
    job: Literal["training", "processing", "transform", "tuning"] = Field(description="Give the kind of job.")
    name: str = Field(default="*", description="A pattern for the job's name.")
    reason: str = Field(default="", description="The FailureReason of a job that fails.")


class Interrupt(Planned):
    """A training job on spot instances loses them; it goes on from its checkpoints on new ones."""

    fault: Literal["interrupt"]
    job: Literal["training"] = Field(description="Give the kind of job: training.")
    name: str = Field(default="*", description="A pattern for the job's name.")
    seconds: float = Field(default=1.0, ge=0, le=_MOST_SECONDS, description="After its program was started.")


class OfEndpoint(Planned):
    """What a deployment ends in; or, at entry, the status that the endpoint shows from when it is first asked."""

    fault: Literal["endpoint"]
    status: Literal[
        "OutOfService",
        "Creating",
        "Updating",
        "SystemUpdating",
        "RollingBack",
        "InService",
        "Deleting",
        "Failed",
        "UpdateRollbackFailed",
    ] = Field(description="Give a status of an endpoint.")
    moment: Literal["create", "update", "entry", ""] = Field(default="", description="Any deployment without it.")
    name: str = Field(default="*", description="A pattern for the endpoint's name.")
    seconds: float = Field(default=1.0, ge=0, le=_MOST_SECONDS, description="In transition; in the cloud's time.")
    reason: str = Field(default="", description="The FailureReason.")


class Crash(Planned):
    """A hook's process dies before its handler is called, during it, or after it."""

    fault: Literal["crash"]
    hook: str = Field(description="Give a hook, as in prepare, or a function's whole name.")
    moment: Literal["before", "during", "after"] = Field(default="before", description="Of the handler's run.")
    call: int = Field(default=1, ge=1, le=10_000, description="During: after so many AWS calls of the handler.")
    seconds: float | None = Field(
        default=None, ge=0, le=_MOST_SECONDS, description="During: so long after it was called, instead."
    )


class Kill(Planned):
    """A process that serves an endpoint is killed."""

    fault: Literal["kill"]
    endpoint: str = Field(default="*", description="The endpoint's name, or a pattern.")
    seconds: float = Field(default=0.0, ge=0, le=_MOST_SECONDS, description="After it has come in service.")


class PlanFile(Section):
    """The file: a seed, for faults chosen at random, and faults."""

    seed: int | None = Field(default=None, ge=0, description="Another seed gives other random faults.")
    faults: tuple[object, ...] = Field(default=(), description="The faults, each a mapping or a line.")


KINDS: dict[str, type[Planned]] = {
    "throttle": Throttle,
    "timeout": Timeout,
    "lose": Lose,
    "error": Failure,
    "deny": Deny,
    "delay": Delay,
    "fail": OfJob,
    "stop": OfJob,
    "hang": OfJob,
    "fill": OfJob,
    "interrupt": Interrupt,
    "endpoint": OfEndpoint,
    "crash": Crash,
    "kill": Kill,
}
