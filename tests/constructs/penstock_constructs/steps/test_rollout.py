from collections.abc import Callable
from typing import Any

import pytest

from penstock_constructs.steps.rollout import Rollout, keeping, update_arguments

CANARY = Rollout("canary", 20, 600)
BASE = {"EndpointName": "dev-bigmart"}


def _policy(rollout: Rollout) -> Any:
    return rollout.deployment_config([])["BlueGreenUpdatePolicy"]


@pytest.mark.parametrize(
    ("rollout", "routing"),
    [
        (Rollout("all_at_once", 10, 300), {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 0}),
        (
            CANARY,
            {
                "Type": "CANARY",
                "WaitIntervalInSeconds": 600,
                "CanarySize": {"Type": "CAPACITY_PERCENT", "Value": 20},
            },
        ),
        (
            Rollout("linear", 25, 60),
            {
                "Type": "LINEAR",
                "WaitIntervalInSeconds": 60,
                "LinearStepSize": {"Type": "CAPACITY_PERCENT", "Value": 25},
            },
        ),
    ],
)
def test_the_traffic_goes_over_as_it_is_to(rollout: Rollout, routing: dict[str, Any]) -> None:
    assert _policy(rollout)["TrafficRoutingConfiguration"] == routing


def test_with_one_step_the_old_instances_are_kept_while_it_is_watched() -> None:
    assert _policy(Rollout("all_at_once", 10, 300))["TerminationWaitInSeconds"] == 300
    assert _policy(CANARY)["TerminationWaitInSeconds"] == 0


@pytest.mark.parametrize(
    ("rollout", "seconds"),
    [(CANARY, 3600 + 2 * 600), (Rollout("linear", 25, 60), 3600 + 4 * 60), (Rollout("linear", 10, 3600), 28_800)],
)
def test_there_is_time_for_every_step(rollout: Rollout, seconds: int) -> None:
    assert _policy(rollout)["MaximumExecutionTimeoutInSeconds"] == seconds


@pytest.fixture
def update(evaluate: Callable[..., Any]) -> Callable[..., Any]:
    """Return the arguments of an update to a new model, from an endpoint of the one variant `main`."""

    def run(**variables: Any) -> Any:
        arguments = update_arguments(BASE, CANARY, alarms=["errors", "latency"], scaled=False)
        return evaluate(arguments, **{"known": False, "variants": ["main"], "serves_as": "main"} | variables)

    return run


def test_alarms_take_a_new_model_back(update: Callable[..., Any]) -> None:
    deployment = update()["DeploymentConfig"]
    assert deployment == CANARY.deployment_config(["errors", "latency"])
    assert deployment["AutoRollbackConfiguration"] == {"Alarms": [{"AlarmName": "errors"}, {"AlarmName": "latency"}]}


def test_a_known_model_comes_back_at_once_whatever_sounds(update: Callable[..., Any]) -> None:
    assert update(known=True) == {**BASE, **keeping(scaled=False)}


@pytest.mark.parametrize(
    ("variants", "serves_as", "guarded"),
    [
        (["main"], "shadow", True),  # which is no variant that answers
        (["main"], "challenger", False),
        (["main", "challenger"], "challenger", True),
        (["challenger", "main"], "challenger", True),
        (["main", "challenger"], "main", False),
        (["AllTraffic"], "main", False),
    ],
)
def test_aws_guards_an_update_only_if_the_variants_stay_the_same(
    update: Callable[..., Any], variants: list[str], serves_as: str, *, guarded: bool
) -> None:
    assert ("DeploymentConfig" in update(variants=variants, serves_as=serves_as)) == guarded


def test_the_numbers_that_the_load_has_brought_about_are_kept_and_nothing_else() -> None:
    assert keeping(scaled=False) == {"RetainAllVariantProperties": False}
    scaled = keeping(scaled=True)
    assert scaled["RetainAllVariantProperties"] is True
    excluded = [item["VariantPropertyType"] for item in scaled["ExcludeRetainedVariantProperties"]]
    assert excluded == ["DesiredWeight", "DataCaptureConfig"]


def test_what_has_no_servers_says_nothing_of_them() -> None:
    updated = update_arguments(BASE, None, alarms=["errors"], scaled=False)
    assert updated == {**BASE, "RetainAllVariantProperties": False}
