"""A model that is healthy and fails its requests: the pipeline's own alarm takes it back while it is a canary."""

from collections.abc import Callable
from typing import Any

import pytest

from battery.project import ENDPOINT
from battery.world import World
from waiting import until

pytestmark = pytest.mark.battery
_SPEED = 20
_PERCENT = 20
_ROLLOUT = {"kind": "canary", "percent": _PERCENT, "bake_minutes": 10}


def alarm(world: World, about: str) -> dict[str, Any]:
    (found,) = [
        one for one in world.client("cloudwatch").describe_alarms()["MetricAlarms"] if about in one["AlarmDescription"]
    ]
    return dict(found)


def served(world: World) -> tuple[str, str, bytes]:
    """Return the endpoint's status, its config, and its answer to a row."""
    endpoint = world.endpoint() or {}
    runtime = world.client("sagemaker-runtime")
    answer = runtime.invoke_endpoint(EndpointName=ENDPOINT, ContentType="text/csv", Body=b"x\n1\n")
    return endpoint["EndpointStatus"], endpoint["EndpointConfigName"], answer["Body"].read()


def in_stage(world: World, stage: str) -> Callable[[], bool]:
    def found() -> bool:
        pending = (world.endpoint() or {}).get("PendingDeploymentSummary", {})
        variants = pending.get("ProductionVariants", [])
        return stage in {status["Status"] for variant in variants for status in variant.get("VariantStatus", [])}

    return found


def test_a_canary_that_fails_is_taken_back_by_the_alarm_and_the_old_model_serves_all_the_while(make_world: Any) -> None:
    changes = {"deploy": {"instance_count": 2, "rollout": _ROLLOUT}, "timeout_minutes": 60}
    with make_world(changes, _SPEED) as world:
        world.serving()
        before = served(world)
        arn = world.start({"serves": "errors"})
        until(in_stage(world, "Baking"))
        with world.probe() as probe:
            ended = world.wait(arn)
        failed, asked = len(probe.failures), probe.answers + len(probe.failures)
        assert 0 < failed < asked * _PERCENT / 100
        assert all("A model that serves errors." in failure for failure in probe.failures)
        assert (ended.status, ended.error, ended.at) == ("FAILED", "EndpointRolledBack", "Rolled back"), ended
        assert served(world) == before
        errors = alarm(world, "5xx")
        assert errors["StateReason"].startswith("Threshold Crossed"), errors
        assert errors["AlarmName"] in ended.cause
        (report,) = world.mail.wait_for(ended.arn)
        assert errors["AlarmName"] in report
        assert "owner" not in world.lock()
