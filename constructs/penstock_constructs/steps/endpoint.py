"""The endpoint: made, or moved to the new config with nothing lost, and waited for.

The steps look at what there is, do the one thing that it calls for, and look again, until the endpoint serves the new
config. So it does not matter who began a change, or whether the answer to a call was lost: what counts is the status.
"""

from penstock_constructs.key import Key
from penstock_constructs.policy import Statement, allow, arn
from penstock_constructs.steps.expected import expecting
from penstock_constructs.steps.step import State, Step, Tags, attempts, tag_list

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
}
# A deployment whose answer was lost is ours all the same: no other run has this config.
_OURS = "$config in [$states.result.EndpointConfigName, $states.result.PendingDeploymentSummary.EndpointConfigName]"
UPDATE = {
    # The spec decides about every property of the variant, so none is kept from the old config.
    "RetainAllVariantProperties": False,
    "DeploymentConfig": {
        "BlueGreenUpdatePolicy": {
            "TrafficRoutingConfiguration": {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 0},
            "MaximumExecutionTimeoutInSeconds": 3600,
        }
    },
}


def deploy_endpoint(*, endpoint: str, poll_seconds: str, key: Key, tags: Tags, then: str) -> Step:
    """Bring `endpoint` to serve `config`.

    It succeeds only with the endpoint InService on that very config: after a rollback it is InService on the old one.
    It assigns `former`, the config that the endpoint served before, or '' if it served none. That is decided on the
    way to the call that changes it, so that it holds even if the call's answer is lost.
    """
    named = {"EndpointName": endpoint}
    configured = named | {"EndpointConfigName": "{% $config %}"}
    deployed = {"Assign": {"deployed": True}, "Next": _WAIT}
    states: dict[str, State] = {
        **expecting(
            "Describe endpoint",
            "describeEndpoint",
            named,
            when=f"{_MISSING} and $not($deployed)",
            then="Create endpoint",
            done={"Assign": DESCRIBED | {"deployed": f"{{% $deployed or {_OURS} %}}"}, "Next": "Check endpoint"},
        ),
        "Check endpoint": _check(then),
        **expecting(
            "Create endpoint",
            "createEndpoint",
            configured | {"Tags": tag_list(tags)},
            when="$contains($cause, 'Cannot create already existing endpoint')",
            then="Describe endpoint",
            done=deployed,
        ),
        **expecting(
            "Update endpoint",
            "updateEndpoint",
            configured | UPDATE,
            when=IN_PROGRESS,
            then=_WAIT,
            done=deployed,
            unanswered=_WAIT,  # an update that has ended meanwhile would be made again
        ),
        **expecting(
            "Delete endpoint",
            "deleteEndpoint",
            named,
            when=f"{_MISSING} or {IN_PROGRESS}",
            then=_WAIT,
            done={"Next": _WAIT},
        ),
        _WAIT: {"Type": "Wait", "Seconds": "{% ${PollSeconds} %}", "Next": "Describe endpoint"},
        **_failures(endpoint),
    }
    states["Describe endpoint error"]["Choices"][0]["Assign"] = {"former": "{% '' %}"}
    return Step(states, _permissions(endpoint, key), substitutions={"PollSeconds": poll_seconds})


def _check(then: str) -> State:
    """Return the state that decides, by the endpoint's status, what comes next; the first choice that holds counts."""
    in_service = "$status = 'InService'"
    choices = {
        f"$status in {list(CHANGING)}": _WAIT,
        f"{in_service} and $serving = $config": then,
        f"{in_service} and $deployed": "Rolled back",
        "$deployed": "Endpoint failed",
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
        "Endpoint failed": {
            "Type": "Fail",
            "Error": "EndpointFailed",
            "Cause": (
                f"{{% 'Endpoint {endpoint} is ' & $status & ', with ' & $string($instances)"
                " & ' instances: ' & $reason %}"
            ),
        },
    }


def _permissions(endpoint: str, key: Key) -> list[Statement]:
    """Return what the calls above need: creating and updating are about the endpoint and its config alike.

    SageMaker hands the key on to the instances, in the caller's name:
    https://docs.aws.amazon.com/sagemaker/latest/dg/api-permissions-reference.html
    """
    endpoints = arn("sagemaker", f"endpoint/{endpoint}")
    configs = attempts("endpoint-config", endpoint)
    return [
        allow("EndpointDeploy", ["sagemaker:CreateEndpoint", "sagemaker:UpdateEndpoint"], [endpoints, *configs]),
        allow("Endpoint", ["sagemaker:DescribeEndpoint", "sagemaker:DeleteEndpoint", "sagemaker:AddTags"], endpoints),
        key.allow_volumes("Volumes"),
    ]
