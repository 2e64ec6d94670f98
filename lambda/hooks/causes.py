"""What is likely to have caused a failure, in words, and what to do: a pure function of the failure."""

from dataclasses import dataclass

from hooks.failures import Failure

_REDRIVE = "redrive it: it continues at {state}."
_DEPLOY = "deploy, then start another execution."


@dataclass(frozen=True)
class Cause:
    """What a failure is likely to mean, and what to do.

    A redrive has the definition that the execution began with: it is no help where that has to change.
    """

    means: str
    remedy: str


_DATA = "the data, or what the execution was asked for, cannot be used."
_AWS = "AWS was busy or failed; nothing is wrong with the pipeline."
_QUOTA = Cause(
    "a service quota of the account, not a fault of the pipeline.",
    "ask for a higher limit (Service Quotas), then {redrive}",
)
_PERMISSION = Cause(
    "a permission is missing.", "grant what the cause names, in penstock_constructs/steps; deploy, then {redrive}"
)
_CAPACITY = Cause("AWS has no such instance free at the moment.", "wait a while, then {redrive}")
_TOO_LONG = Cause("the job took longer than it may.", "raise its max_runtime_minutes in pipeline.yaml; {deploy}")
_GONE = Cause(
    "what a state before has left in S3, or the champion's run, is not there: it was deleted, or never written.",
    "restore it (the bucket keeps versions), then {redrive} Or look into the log of what should have written it.",
)
_STOPPED = Cause("somebody stopped it.", "if that was a mistake, {redrive}")

# The first that the failed state, the error's name and its cause contain.
_SIGNS = {
    "InvalidInput": Cause(_DATA, "correct the input or the data as the cause says; start another execution."),
    "InvalidEvaluation": Cause(
        "the container that evaluates wrote something else.",
        "mend its evaluate program, as docs/containers.md describes what it writes; {deploy}",
    ),
    "No S3 objects found": _GONE,
    "Could not access model data": _GONE,
    "profile.json is not a profile": Cause(
        "what the champion's run has kept was changed.", "as the cause says; start another execution."
    ),
    "LocalCloud.Ended": Cause("the local cloud was ended meanwhile.", "{redrive}"),
    "SmokeTestFailed": Cause(
        "the new model answers, but wrongly.",
        "compare with the smoke file. Mend the data, the container or the bounds; {deploy}",
    ),
    "EndpointRolledBack": Cause(
        "the new model did not serve as well as its alarms ask for, or not at all; the traffic went back.",
        "find in the endpoint's log why; start another execution when it is mended.",
    ),
    "ChampionChanged": Cause(
        "another model has come to serve since this one was judged.",
        "start another execution: its model is held against what serves now.",
    ),
    "EndpointFailed": Cause(
        "the endpoint does not serve.", "find in the endpoint's log why; start another execution when it is mended."
    ),
    "scalable target": Cause(
        "AWS changes no instance type, and removes no variant, while the number of its instances follows the load.",
        "deregister it (aws application-autoscaling deregister-scalable-target), then {redrive}",
    ),
    "ResourceLimitExceeded": _QUOTA,
    "LimitExceeded": _QUOTA,
    "not authorized to perform": _PERMISSION,
    "AccessDenied": _PERMISSION,
    "CapacityError": _CAPACITY,
    "InsufficientInstanceCapacity": _CAPACITY,
    "Rate exceeded": Cause(_AWS, "{redrive}"),
    "Throttling": Cause(_AWS, "{redrive}"),
    "InternalServerError": Cause(_AWS, "{redrive}"),
    "SdkClientException": Cause("AWS could not be reached.", "{redrive}"),
    "MaxRuntimeExceeded": _TOO_LONG,
    " was stopped": _STOPPED,
    "Correct the hyperparameters: ": Cause(
        "a hyperparameter is not one that the container takes.",
        "correct it in the execution's input and start another execution, or in pipeline.yaml: {deploy}",
    ),
    "Check data: States.TaskFailed": Cause(
        "the data are not as they should be.",
        "correct the data, or check in pipeline.yaml where they are right; start another execution.",
    ),
    "States.TaskFailed": Cause(
        "the container's program failed, of itself or over its data.",
        "find out why in its log, mend the data or the container, start another execution.",
    ),
}
_BY_STATUS = {
    "TIMED_OUT": Cause(
        "the execution took longer than it may.",
        "find out what took so long, or raise timeout_minutes in pipeline.yaml; {deploy}",
    ),
    "ABORTED": _STOPPED,
}
_OTHERWISE = Cause("nothing that is known here.", "mend what the cause says; {deploy}")


def likely_cause(failure: Failure) -> Cause:
    """Return what the failure is likely to mean, and what to do."""
    said = f"{failure.state}: {failure.error} {failure.cause}"
    matching = (cause for sign, cause in _SIGNS.items() if sign in said)
    found = _BY_STATUS.get(failure.status) or next(matching, _OTHERWISE)
    redrive = _REDRIVE.format(state=failure.state)
    return Cause(found.means, found.remedy.format(redrive=redrive, deploy=_DEPLOY))
