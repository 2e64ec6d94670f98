from typing import Any

import pytest

from penstock.local.service import AwsError
from penstock.local.services.sagemaker.rollout import rollout


def routing(kind: str, **size: Any) -> Any:
    return {
        "BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": {"Type": kind, "WaitIntervalInSeconds": 60} | size}
    }


def size(kind: str, value: int) -> Any:
    return {"Type": kind, "Value": value}


def percent(value: int) -> Any:
    return size("CAPACITY_PERCENT", value)


def test_without_a_policy_all_moves_at_once() -> None:
    assert rollout({}, [1]).shares == (1.0,)
    assert rollout({}, [1]).waits == 0


def test_a_canary_gets_its_share_first() -> None:
    assert rollout(routing("CANARY", CanarySize=percent(10)), [2]).shares == (0.1, 1.0)
    assert rollout(routing("CANARY", CanarySize=size("INSTANCE_COUNT", 1)), [4]).shares == (0.25, 1.0)


def test_without_instances_nothing_is_shared() -> None:
    assert rollout({}, []).shares == (1.0,)
    with pytest.raises(AwsError, match="not supported for serverless"):
        rollout(routing("ALL_AT_ONCE"), [])


@pytest.mark.parametrize(("value", "shares"), [(50, [0.5, 1]), (25, [0.25, 0.5, 0.75, 1]), (30, [0.3, 0.6, 0.9, 1])])
def test_linear_goes_in_steps(value: int, shares: list[float]) -> None:
    found = rollout(routing("LINEAR", LinearStepSize=percent(value)), [4])
    assert found.shares == pytest.approx(shares)
    assert found.waits == 60 * len(shares)


def test_the_smallest_variant_counts() -> None:
    canary = routing("CANARY", CanarySize=size("INSTANCE_COUNT", 2))
    assert rollout(canary, [8, 4]).shares[0] == 0.5
    with pytest.raises(AwsError, match="CanarySize must be less than or equal to 50%"):
        rollout(canary, [8, 3])


@pytest.mark.parametrize(
    ("deployment", "count", "message"),
    [
        (
            routing("CANARY", CanarySize=percent(51)),
            10,
            "CanarySize must be less than or equal to 50% of the variant's",
        ),
        (routing("CANARY", CanarySize=percent(10)), 1, r"instance count \(1\); found CAPACITY_PERCENT 10"),
        (routing("LINEAR", LinearStepSize=percent(9)), 10, "LinearStepSize must be between 10% and 50%"),
        (routing("LINEAR", LinearStepSize=size("INSTANCE_COUNT", 3)), 5, "found INSTANCE_COUNT 3"),
        (routing("CANARY"), 2, "CanarySize must be specified when the traffic routing type is CANARY"),
        (routing("LINEAR", CanarySize=percent(10)), 2, "CanarySize must not be specified when .* is LINEAR"),
        (routing("ALL_AT_ONCE", LinearStepSize=percent(10)), 2, "LinearStepSize must not be specified"),
        ({"RollingUpdatePolicy": {}}, 2, "does not serve RollingUpdatePolicy"),
    ],
)
def test_what_aws_refuses_is_refused(deployment: Any, count: int, message: str) -> None:
    with pytest.raises(AwsError, match=message) as caught:
        rollout(deployment, [count])
    assert caught.value.code == "ValidationException"


def test_the_timeout_is_longer_than_the_waits() -> None:
    deployment = routing("ALL_AT_ONCE")
    deployment["BlueGreenUpdatePolicy"] |= {"TerminationWaitInSeconds": 540, "MaximumExecutionTimeoutInSeconds": 600}
    with pytest.raises(AwsError, match=r"MaximumExecutionTimeoutInSeconds \(600\) must be larger"):
        rollout(deployment, [1])
    deployment["BlueGreenUpdatePolicy"]["MaximumExecutionTimeoutInSeconds"] = 601
    assert rollout(deployment, [1]).timeout_seconds == 601
