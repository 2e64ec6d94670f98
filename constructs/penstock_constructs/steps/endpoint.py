"""The endpoint: made, or moved to the new config with nothing lost, and waited for.

The steps look at what there is, do the one thing that it calls for, and look again, until the endpoint serves the new
config. So it does not matter who began a change, or whether the answer to a call was lost: what counts is the status.
"""

from collections.abc import Sequence
from typing import Any

from penstock_constructs.alarm import Alarm
from penstock_constructs.policy import Statement, allow, arn
from penstock_constructs.steps.expected import expecting
from penstock_constructs.steps.rollout import Rollout, update_arguments
from penstock_constructs.steps.step import Machine, State, Step, attempts, tag_list

# Every status that an endpoint can have is in one of these two, or is Failed.
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html
CHANGING = ("Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting")
# UpdateRollbackFailed serves, with instances of both configs; so nothing here is ever deleted.
_UPDATABLE = ("InService", "OutOfService", "UpdateRollbackFailed")

_WAIT = "Wait for endpoint"
_MISSING = "$contains($cause, 'Could not find endpoint')"
IN_PROGRESS = "$contains($cause, 'Cannot update in-progress endpoint')"

DESCRIBED = {
    "status": "{% $states.result.EndpointStatus %}",
    "serving": "{% $states.result.EndpointConfigName %}",
    "reason": "{% $exists($states.result.FailureReason) ? $states.result.FailureReason : 'unknown' %}",
    "instances": "{% $sum([$states.result.ProductionVariants.CurrentInstanceCount]) %}",
    "variants": "{% [$states.result.ProductionVariants.VariantName] %}",
}
# A deployment whose answer was lost is ours all the same: no other run has this config.
_OURS = "$config in [$states.result.EndpointConfigName, $states.result.PendingDeploymentSummary.EndpointConfigName]"
_CHAMPION = "($exists($champion.config) ? $champion.config : '')"


def deploy_endpoint(
    *,
    machine: Machine,
    rollout: Rollout | None,
    alarms: Sequence[Alarm],
    scaled: bool,
    poll_seconds: str,
    then: str,
) -> Step:
    """Bring the endpoint, which has the machine's name, to serve `config`.

    The traffic goes over by `rollout`, while `alarms` are watched; None is for what has no servers. With `scaled`, the
    numbers of instances follow the load, and are kept.

    It succeeds only with the endpoint InService on that very config: after a rollback it is InService on the old one.
    It assigns `former`, the config that the endpoint served before, or '' if it served none. That is decided on the
    way to the call that changes it, so that it holds even if the call's answer is lost.

    A new model was held against `champion`. If that does not serve any more, as when a run is redriven after another
    has deployed, nothing is changed: it may be better than the one, and worse than the other.
    """
    watched = {f"${{Alarm{number}}}": alarm for number, alarm in enumerate(alarms, start=1)}
    configured = {"EndpointName": machine.name, "EndpointConfigName": "{% $config %}"}
    states: dict[str, State] = {
        **_describe(machine.name),
        "Check endpoint": _check(then),
        **_changes(
            machine,
            create=configured | {"Tags": tag_list(machine.tags)},
            update=update_arguments(configured, rollout, alarms=list(watched), scaled=scaled),
        ),
        _WAIT: {"Type": "Wait", "Seconds": "{% ${PollSeconds} %}", "Next": "Describe endpoint"},
        **_failures(machine.name),
    }
    names = {placeholder[2:-1]: alarm.name for placeholder, alarm in watched.items()}
    return Step(states, _permissions(machine, alarms), {"PollSeconds": poll_seconds, **names})


def _describe(endpoint: str) -> dict[str, State]:
    """Return the states that look at the endpoint; where there is none, there is no `former` config either."""
    states = expecting(
        "Describe endpoint",
        "describeEndpoint",
        {"EndpointName": endpoint},
        when=f"{_MISSING} and $not($deployed)",
        then="Create endpoint",
        done={"Assign": DESCRIBED | {"deployed": f"{{% $deployed or {_OURS} %}}"}, "Next": "Check endpoint"},
    )
    states["Describe endpoint error"]["Choices"][0]["Assign"] |= {"former": "{% '' %}"}
    return states


def _changes(machine: Machine, *, create: Any, update: Any) -> dict[str, State]:
    """Return the states that change the endpoint, each followed by the wait: `create` and `update` are arguments."""
    deployed = {"Assign": {"deployed": True}, "Next": _WAIT}
    return {
        **expecting(
            "Create endpoint",
            "createEndpoint",
            create,
            when="$contains($cause, 'Cannot create already existing endpoint')",
            then="Describe endpoint",
            done=deployed,
        ),
        **expecting(
            "Update endpoint",
            "updateEndpoint",
            update,
            when=IN_PROGRESS,
            then=_WAIT,
            done=deployed,
            unanswered=_WAIT,  # an update that has ended meanwhile would be made again
        ),
        **expecting(
            "Delete endpoint",
            "deleteEndpoint",
            {"EndpointName": machine.name},
            when=f"{_MISSING} or {IN_PROGRESS}",
            then=_WAIT,
            done={"Next": _WAIT},
        ),
    }


def _check(then: str) -> State:
    """Return the state that decides, by the endpoint's status, what comes next; the first choice that holds counts."""
    in_service = "$status = 'InService'"
    choices = {
        f"$status in {list(CHANGING)}": _WAIT,
        f"{in_service} and $serving = $config": then,
        f"{in_service} and $deployed": "Rolled back",
        "$deployed": "Endpoint failed",
        f"{in_service} and $not($known) and $serving != {_CHAMPION}": "Champion changed",
        f"$status in {list(_UPDATABLE)}": "Update endpoint",
        # Deleting is all that AWS allows on a failed endpoint; with instances left it may still serve.
        "$status = 'Failed' and $instances = 0": "Delete endpoint",
    }
    assigned = {"Update endpoint": {"Assign": {"former": f"{{% {in_service} ? $serving : '' %}}"}}}
    return {
        "Type": "Choice",
        "Choices": [
            {"Condition": f"{{% {condition} %}}", "Next": next_} | assigned.get(next_, {})
            for condition, next_ in choices.items()
        ],
        "Default": "Endpoint failed",
    }


def _failures(endpoint: str) -> dict[str, State]:
    """Return the states that an endpoint ends in which does not serve the new config."""
    return {
        "Rolled back": {
            "Type": "Fail",
            "Error": "EndpointRolledBack",
            "Cause": (
                f"{{% 'Endpoint {endpoint} did not take ' & $config & ' and serves ' & $serving"
                " & ', as before: ' & $reason %}"
            ),
        },
        "Champion changed": {
            "Type": "Fail",
            "Error": "ChampionChanged",
            "Cause": (
                f"{{% 'Endpoint {endpoint} serves ' & $serving & ', and ' & $config & ' was held against '"
                f" & ({_CHAMPION} = '' ? 'nothing' : {_CHAMPION}) & '. Nothing was changed.' %}}"
            ),
        },
        "Endpoint failed": {
            "Type": "Fail",
            "Error": "EndpointFailed",
            "Cause": (
                f"{{% 'Endpoint {endpoint} is ' & $status & ', with ' & $string($instances)"
                " & ' instances: ' & $reason %}"
            ),
        },
    }


def _permissions(machine: Machine, alarms: Sequence[Alarm]) -> list[Statement]:
    """Return what the calls above need: creating and updating are about the endpoint and its config alike.

    SageMaker hands the key on to the instances, in the caller's name:
    https://docs.aws.amazon.com/sagemaker/latest/dg/api-permissions-reference.html
    """
    endpoints = arn("sagemaker", f"endpoint/{machine.name}")
    configs = attempts("endpoint-config", machine.name)
    return [
        allow("EndpointDeploy", ["sagemaker:CreateEndpoint", "sagemaker:UpdateEndpoint"], [endpoints, *configs]),
        allow("Endpoint", ["sagemaker:DescribeEndpoint", "sagemaker:DeleteEndpoint", "sagemaker:AddTags"], endpoints),
        machine.key.allow_volumes("Volumes"),
        *([allow("EndpointAlarms", "cloudwatch:DescribeAlarms", [alarm.arn for alarm in alarms])] if alarms else []),
    ]
