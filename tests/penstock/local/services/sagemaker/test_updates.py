import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from penstock.local.service import AwsError, JsonObject

PING = "The primary container for production variant main did not pass the ping health check."


@contextmanager
def requests(world: Any, a_second: int) -> Iterator[list[JsonObject]]:
    """Send requests at a steady rate, each in a thread of its own, and collect the answers; an error fails the test."""
    answers: list[JsonObject] = []
    errors: list[Exception] = []
    threads: list[threading.Thread] = []
    done = threading.Event()

    def send() -> None:
        try:
            answers.append(world.invoke(Body=b"x"))
        except Exception as error:
            errors.append(error)

    def pace() -> None:
        while not done.wait(1 / a_second):
            threads.append(threading.Thread(target=send))
            threads[-1].start()

    pacer = threading.Thread(target=pace)
    pacer.start()
    try:
        yield answers
    finally:
        done.set()
        pacer.join()
        for thread in threads:
            thread.join()
    assert errors == []
    assert len(answers) == len(threads)


def models(answers: list[JsonObject]) -> list[str]:
    """The models that answered, in order and each once."""
    names = [answer["CustomAttributes"] for answer in answers]
    return [name for index, name in enumerate(names) if index == 0 or names[index - 1] != name]


def test_no_request_fails_during_an_update(world: Any) -> None:
    # A tenth of a second for each request: there are always some under way.
    slow = "def predict(body, headers): time.sleep(0.1); return 200, body"
    world.endpoint(script=slow)
    world.config("b", slow)
    with requests(world, a_second=50) as answers:
        time.sleep(0.3)
        old = set(world.processes())
        assert world.update("b")["EndpointConfigName"] == "b"
        assert not old & set(world.processes())
        time.sleep(0.3)
    assert models(sorted(answers, key=lambda answer: answer["CustomAttributes"])) == ["model=a = 1", "model=b = 1"]
    assert len(answers) > 30


def test_the_old_variant_serves_until_the_new_one_is_healthy(world: Any) -> None:
    world.endpoint()
    world.config("b", "time.sleep(0.3)")
    assert world.call("UpdateEndpoint", EndpointName="e", EndpointConfigName="b")["EndpointArn"].endswith("endpoint/e")
    described = world.call("DescribeEndpoint", EndpointName="e")
    assert described["EndpointStatus"] == "Updating"
    assert described["EndpointConfigName"] == "a"
    assert described["PendingDeploymentSummary"]["EndpointConfigName"] == "b"
    assert world.invoke()["CustomAttributes"] == "model=a = 1"
    assert world.settled()["EndpointConfigName"] == "b"
    assert world.invoke()["CustomAttributes"] == "model=b = 1"


def test_the_old_variants_process_is_gone_after_an_update(world: Any) -> None:
    world.endpoint()
    old = set(world.processes())
    world.config("b")
    world.update("b")
    assert not old & set(world.processes())
    assert len(world.processes()) == 3  # a program and its two guards


def test_a_request_under_way_is_answered_by_the_old_variant(world: Any) -> None:
    world.endpoint(script="def predict(body, headers): time.sleep(0.4); return 200, body")
    world.config("b")
    answers: list[JsonObject] = []
    slow = threading.Thread(target=lambda: answers.append(world.invoke()))
    slow.start()
    world.update("b")
    slow.join()
    assert [answer["CustomAttributes"] for answer in answers] == ["model=a = 1"]


@pytest.mark.parametrize("script", ["def ping(): time.sleep(60)", "raise SystemExit"])
def test_an_update_to_what_never_serves_is_rolled_back(world: Any, until: Any, script: str) -> None:
    world.endpoint()
    world.config("b", script, ContainerStartupHealthCheckTimeoutInSeconds=1)
    with requests(world, a_second=20) as answers:
        described = world.update("b")
    assert described["EndpointStatus"] == "InService"
    assert described["EndpointConfigName"] == "a"
    assert described["FailureReason"].startswith(PING)
    assert "PendingDeploymentSummary" not in described
    assert models(answers) == ["model=a = 1"]
    until(lambda: len(world.processes()) == 3)


def test_an_update_shows_that_it_rolls_back(world: Any, until: Any) -> None:
    world.endpoint()
    stubborn = "import signal\nsignal.signal(signal.SIGTERM, lambda *_: (time.sleep(0.3), os._exit(0)))"
    world.config("b", f"{stubborn}\ndef ping(): return 500", ContainerStartupHealthCheckTimeoutInSeconds=0.3)
    world.call("UpdateEndpoint", EndpointName="e", EndpointConfigName="b")
    until(lambda: world.call("DescribeEndpoint", EndpointName="e")["EndpointStatus"] == "RollingBack")


def test_a_later_update_clears_the_reason(world: Any) -> None:
    world.endpoint()
    world.config("b", "raise SystemExit")
    assert "FailureReason" in world.update("b")
    world.config("c")
    described = world.update("c")
    assert described["EndpointConfigName"] == "c"
    assert "FailureReason" not in described


def test_an_update_to_a_damaged_artefact_is_rolled_back(world: Any) -> None:
    world.endpoint()
    world.config("b")
    world.put("b/model.tar.gz", b"no archive")
    assert world.update("b")["FailureReason"].startswith("Failed to extract model data archive")
    assert world.invoke()["CustomAttributes"] == "model=a = 1"


def test_a_failed_endpoint_cannot_be_updated(world: Any) -> None:
    world.config("a", "raise SystemExit")
    world.call("CreateEndpoint", EndpointName="e", EndpointConfigName="a")
    world.settled()
    with pytest.raises(AwsError, match="in status Failed"):
        world.call("UpdateEndpoint", EndpointName="e", EndpointConfigName="a")


def test_an_endpoint_that_is_not_there_cannot_be_updated(world: Any) -> None:
    world.config("a")
    with pytest.raises(AwsError, match=r'ValidationException: Could not find endpoint "arn:.*:endpoint/e"\.'):
        world.call("UpdateEndpoint", EndpointName="e", EndpointConfigName="a")


def test_variant_properties_are_retained_but_for_the_excluded(world: Any) -> None:
    world.endpoint(instances=2, InitialVariantWeight=2.0)
    world.config("b", InitialVariantWeight=5.0)
    (variant,) = world.update(
        "b",
        RetainAllVariantProperties=True,
        ExcludeRetainedVariantProperties=[{"VariantPropertyType": "DesiredWeight"}],
    )["ProductionVariants"]
    assert (variant["DesiredInstanceCount"], variant["DesiredWeight"]) == (2, 5.0)


def test_variant_properties_are_those_of_the_new_configuration_otherwise(world: Any) -> None:
    world.endpoint(instances=2)
    world.config("b")
    assert world.update("b")["ProductionVariants"][0]["DesiredInstanceCount"] == 1


def test_the_deployment_configuration_is_described_and_retained(world: Any) -> None:
    routing = {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 0}
    deployment = {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": routing, "TerminationWaitInSeconds": 60}}
    world.clock.speed = 10_000.0
    world.endpoint()
    world.config("b")
    assert world.update("b", DeploymentConfig=deployment)["LastDeploymentConfig"] == deployment
    world.config("c")
    assert world.update("c", RetainDeploymentConfig=True)["LastDeploymentConfig"] == deployment
    assert "LastDeploymentConfig" not in world.update("b")


def test_a_guarded_update_is_to_variants_of_the_same_names(world: Any) -> None:
    routing = {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 0}
    deployment = {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": routing}}
    world.endpoint()
    world.config("b", VariantName="other")
    with pytest.raises(AwsError, match=r"must have the same variant names .* found \['other'\], and \['main'\] serve"):
        world.call("UpdateEndpoint", EndpointName="e", EndpointConfigName="b", DeploymentConfig=deployment)
    assert world.update("b")["ProductionVariants"][0]["VariantName"] == "other"


def test_a_rolling_update_is_refused_rather_than_pretended(world: Any) -> None:
    world.endpoint()
    size = {"Type": "INSTANCE_COUNT", "Value": 1}
    rolling = {"RollingUpdatePolicy": {"MaximumBatchSize": size, "WaitIntervalInSeconds": 0}}
    with pytest.raises(AwsError, match="does not serve RollingUpdatePolicy"):
        world.call("UpdateEndpoint", EndpointName="e", EndpointConfigName="a", DeploymentConfig=rolling)


def capacities(world: Any, **desired: Any) -> JsonObject:
    world.call(
        "UpdateEndpointWeightsAndCapacities",
        EndpointName="e",
        DesiredWeightsAndCapacities=[{"VariantName": "main", **desired}],
    )
    return dict(world.settled()["ProductionVariants"][0])


def test_weights_and_instance_counts_change_while_it_serves(world: Any) -> None:
    world.endpoint()
    with requests(world, a_second=20):
        variant = capacities(world, DesiredInstanceCount=2, DesiredWeight=0.5)
    assert (variant["CurrentInstanceCount"], variant["CurrentWeight"]) == (2, 0.5)
    assert world.settled()["EndpointConfigName"] == "a"
    variant = capacities(world, DesiredInstanceCount=1)
    assert (variant["CurrentInstanceCount"], variant["CurrentWeight"]) == (1, 0.5)


def test_an_endpoint_that_answers_at_once_keeps_an_instance(world: Any) -> None:
    world.endpoint()
    with pytest.raises(AwsError, match="DesiredInstanceCount must be at least 1"):
        capacities(world, DesiredInstanceCount=0)


def test_scaling_leaves_the_other_instances_alone(world: Any) -> None:
    world.endpoint()
    old = set(world.processes())
    capacities(world, DesiredInstanceCount=3)
    more = set(world.processes())
    assert old < more
    capacities(world, DesiredInstanceCount=2)
    assert set(world.processes()) < more


def test_a_fault_of_ours_leaves_the_instances_as_they_are(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    world.endpoint()
    monkeypatch.setattr(world.programs, "program", lambda _image: 1 // 0)
    assert capacities(world, DesiredInstanceCount=2)["DesiredInstanceCount"] == 1
    assert world.settled()["FailureReason"].startswith("Request to service failed: ZeroDivisionError")


def test_scaling_in_loses_no_request(world: Any) -> None:
    world.endpoint(instances=3, script="def predict(body, headers): time.sleep(0.1); return 200, body")
    with requests(world, a_second=30) as answers:
        capacities(world, DesiredInstanceCount=1)
    assert answers


@pytest.mark.parametrize("content", [b"no archive", None])
def test_scaling_out_that_fails_is_rolled_back(world: Any, content: bytes | None) -> None:
    world.endpoint()
    old = set(world.processes())
    world.model("broken", "raise SystemExit")
    world.put("a/model.tar.gz", content or world.get("broken/model.tar.gz"))
    variant = capacities(world, DesiredInstanceCount=3, DesiredWeight=5.0)
    assert (variant["DesiredInstanceCount"], variant["CurrentWeight"]) == (1, 1.0)
    assert world.settled()["FailureReason"]
    assert set(world.processes()) == old


def test_scaling_that_was_under_way_is_made_when_the_cloud_is_back(world: Any, until: Any) -> None:
    world.endpoint()
    world.model("slow", "time.sleep(60)")
    fast = world.get("a/model.tar.gz")
    world.put("a/model.tar.gz", world.get("slow/model.tar.gz"))
    desired = {"VariantName": "main", "DesiredInstanceCount": 2}
    world.call("UpdateEndpointWeightsAndCapacities", EndpointName="e", DesiredWeightsAndCapacities=[desired])
    world.sagemaker.close()
    world.put("a/model.tar.gz", fast)
    world.start()
    assert world.settled()["ProductionVariants"][0]["CurrentInstanceCount"] == 2


def test_an_update_that_retains_the_variants_retains_what_was_changed(world: Any) -> None:
    world.endpoint()
    capacities(world, DesiredWeight=0.5)
    world.config("b")
    (variant,) = world.update("b", RetainAllVariantProperties=True)["ProductionVariants"]
    assert variant["CurrentWeight"] == 0.5


def test_a_variant_that_is_not_there_has_no_weight(world: Any) -> None:
    world.endpoint()
    with pytest.raises(
        AwsError, match=r'The variant name\(s\) "none" is/are not present within endpoint configuration "a"'
    ):
        capacities(world, VariantName="none")
