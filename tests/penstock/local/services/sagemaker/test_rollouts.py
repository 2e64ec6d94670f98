"""Updates that move the traffic step by step, and alarms that roll them back."""

import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from penstock.local.service import AwsError, JsonObject
from penstock.local.services.cloudwatch import CloudWatch, Metrics

BROKEN = "def predict(body, headers): return 500, b'broken'"


@pytest.fixture
def alarms(world: Any, until: Any) -> Iterator[Any]:
    """A CloudWatch with an alarm named errors, whose state a test sets."""
    cloudwatch = CloudWatch(
        clients=world.clients,
        metrics=Metrics(clock=world.clock, store=world.store),
        events=world.published,
        store=world.store,
        clock=world.clock,
    )
    world.cloud.services["cloudwatch"] = cloudwatch
    client = world.clients.operator("cloudwatch")
    client.put_metric_alarm(
        AlarmName="errors",
        Namespace="N",
        MetricName="m",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    yield client
    cloudwatch.close()


def ring(alarms: Any) -> None:
    alarms.set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="test")


def deployment(kind: str, *, bake: int = 60, wait: int = 0, alarms: tuple[str, ...] = (), **size: Any) -> JsonObject:
    routing = {"Type": kind, "WaitIntervalInSeconds": bake, **size}
    made: JsonObject = {
        "BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": routing, "TerminationWaitInSeconds": wait}
    }
    return made | (
        {"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": name} for name in alarms]}} if alarms else {}
    )


def canary(percent: int = 50, **more: Any) -> JsonObject:
    return deployment("CANARY", CanarySize={"Type": "CAPACITY_PERCENT", "Value": percent}, **more)


def update(world: Any, config: str, deployment: JsonObject) -> None:
    world.call("UpdateEndpoint", EndpointName="e", EndpointConfigName=config, DeploymentConfig=deployment)


def described(world: Any) -> JsonObject:
    return dict(world.call("DescribeEndpoint", EndpointName="e"))


def stage(world: Any) -> str:
    pending = described(world).get("PendingDeploymentSummary", {"ProductionVariants": [{}]})
    return str(pending["ProductionVariants"][0].get("VariantStatus", [{"Status": ""}])[0]["Status"])


def answers(world: Any, count: int) -> Counter[str]:
    """Who answers so many requests; b fails."""
    found: Counter[str] = Counter()
    for _ in range(count):
        try:
            found[world.invoke()["CustomAttributes"].removeprefix("model=").partition(" ")[0]] += 1
        except AwsError as error:
            assert error.code == "ModelError"  # noqa: PT017
            found["failed"] += 1
    return found


def test_a_canary_shares_the_traffic_while_it_bakes_and_then_gets_it_all(world: Any, until: Any) -> None:
    world.endpoint(instances=2)
    world.config("b", instances=2)
    update(world, "b", canary(25, bake=3600))
    until(lambda: stage(world) == "Baking")
    assert answers(world, 40) == {"a": 30, "b": 10}
    shown = described(world)
    assert (shown["EndpointStatus"], shown["EndpointConfigName"]) == ("Updating", "a")
    (variant,) = shown["PendingDeploymentSummary"]["ProductionVariants"]
    assert (variant["CurrentInstanceCount"], variant["VariantName"]) == (2, "main")
    world.clock.speed = 100_000.0
    assert world.settled()["EndpointConfigName"] == "b"
    assert answers(world, 4) == {"b": 4}


def test_linear_gives_more_with_each_step(world: Any, until: Any) -> None:
    world.endpoint(instances=2)
    world.config("b", instances=2)
    world.clock.speed = 600.0
    update(world, "b", deployment("LINEAR", bake=300, LinearStepSize={"Type": "INSTANCE_COUNT", "Value": 1}))
    until(lambda: stage(world) == "Baking")
    assert answers(world, 10) == {"a": 5, "b": 5}
    assert world.settled()["EndpointConfigName"] == "b"


def test_the_old_fleet_is_kept_until_the_termination_wait_is_over(world: Any, until: Any) -> None:
    world.endpoint()
    old = set(world.processes())
    world.config("b")
    update(world, "b", deployment("ALL_AT_ONCE", bake=0, wait=3600))
    until(lambda: stage(world) == "Baking")
    assert answers(world, 4) == {"b": 4}
    assert old <= set(world.processes())
    world.clock.speed = 100_000.0
    world.settled()
    assert not old & set(world.processes())


def test_an_alarm_rolls_a_canary_back_and_few_requests_fail(world: Any, alarms: Any, until: Any) -> None:
    world.endpoint(instances=2)
    world.config("b", BROKEN, instances=2)
    world.clock.speed = 60.0
    update(world, "b", canary(10, bake=3600, alarms=("errors",)))
    until(lambda: stage(world) == "Baking")
    found: Counter[str] = Counter()
    done = threading.Event()

    def send() -> None:
        while not done.is_set():
            found.update(answers(world, 10))

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    until(lambda: found["failed"] >= 3)
    ring(alarms)
    shown = world.settled()
    done.set()
    for thread in threads:
        thread.join()
    assert (shown["EndpointStatus"], shown["EndpointConfigName"]) == ("InService", "a")
    assert shown["FailureReason"].endswith("CloudWatch alarms are in ALARM: [errors]")
    assert "PendingDeploymentSummary" not in shown
    assert found.keys() == {"a", "failed"}
    assert found["failed"] <= found.total() * 0.1
    assert answers(world, 5) == {"a": 5}
    until(lambda: len(world.processes()) == 2 * 3)


def test_an_alarm_rolls_back_in_the_termination_wait(world: Any, alarms: Any, until: Any) -> None:
    world.endpoint()
    world.config("b")
    world.clock.speed = 60.0
    update(world, "b", deployment("ALL_AT_ONCE", bake=0, wait=3600, alarms=("errors",)))
    until(lambda: stage(world) == "Baking")
    assert answers(world, 2) == {"b": 2}
    ring(alarms)
    assert world.settled()["EndpointConfigName"] == "a"
    assert answers(world, 2) == {"a": 2}
    statuses = [
        event["detail"]["EndpointStatus"] for event in world.published.events if "Endpoint " in event["detail-type"]
    ]
    assert statuses[-3:] == ["UPDATING", "ROLLING_BACK", "IN_SERVICE"]


def test_a_composite_alarm_that_rings_already_stops_an_update_before_anything_starts(world: Any, alarms: Any) -> None:
    world.endpoint()
    world.config("b", "open('/never', 'w')")
    alarms.put_composite_alarm(AlarmName="any", AlarmRule='ALARM("errors")')
    ring(alarms)
    update(world, "b", at_once(alarms=("any",)))
    shown = world.settled()
    assert (shown["EndpointConfigName"], shown["FailureReason"][-7:]) == ("a", ": [any]")


def at_once(**more: Any) -> JsonObject:
    return deployment("ALL_AT_ONCE", bake=0, **more)


def test_an_alarm_that_is_not_there_is_refused(world: Any, alarms: Any) -> None:
    world.endpoint()
    with pytest.raises(AwsError, match=r"ValidationException: .*alarms could not be found: \[none\]"):
        update(world, "a", at_once(alarms=("errors", "none")))
    assert described(world)["EndpointStatus"] == "InService"
    assert "LastDeploymentConfig" not in described(world)


def test_alarms_are_read_as_the_execution_role(world: Any, alarms: Any) -> None:
    world.endpoint()
    world.deny("cloudwatch:DescribeAlarms")
    with pytest.raises(AwsError, match="permission to perform cloudwatch:DescribeAlarms"):
        update(world, "a", at_once(alarms=("errors",)))


def test_alarms_that_cannot_be_read_any_more_roll_back(world: Any, alarms: Any, until: Any) -> None:
    world.endpoint()
    world.config("b")
    update(world, "b", deployment("ALL_AT_ONCE", bake=3600, alarms=("errors",)))
    until(lambda: stage(world) == "Baking")
    world.deny("cloudwatch:DescribeAlarms")
    assert "could not be read" in world.settled()["FailureReason"]


def test_a_fleet_that_takes_too_long_to_start_is_rolled_back(world: Any) -> None:
    world.endpoint()
    world.config("b", "time.sleep(60)")
    policy = at_once(wait=599)  # a second is left
    policy["BlueGreenUpdatePolicy"]["MaximumExecutionTimeoutInSeconds"] = 600
    update(world, "b", policy)
    assert world.settled()["FailureReason"] == "The deployment exceeded its maximum execution timeout."


def test_an_update_that_was_baking_is_made_again_after_the_cloud_ended(world: Any, until: Any) -> None:
    world.endpoint(instances=2)
    world.config("b", instances=2)
    update(world, "b", canary(50, bake=3600))
    until(lambda: stage(world) == "Baking")
    world.sagemaker.close()
    world.start()
    until(lambda: stage(world) == "Baking")
    assert answers(world, 10) == {"a": 5, "b": 5}
    world.clock.speed = 100_000.0
    assert world.settled()["EndpointConfigName"] == "b"
