import threading
import time
from typing import Any

import pytest

from penstock.local.service import AwsError, JsonObject

SLOW = "def predict(body, headers): time.sleep(0.4); return 200, body"


def config(world: Any, name: str = "a", script: str = "", **settings: int) -> None:
    world.model(name, script)
    serverless = {"MemorySizeInMB": 2048, "MaxConcurrency": 2, **settings}
    variant = {"VariantName": "main", "ModelName": name, "ServerlessConfig": serverless}
    world.call("CreateEndpointConfig", EndpointConfigName=name, ProductionVariants=[variant])


def endpoint(world: Any, script: str = "", **settings: int) -> JsonObject:
    config(world, "a", script, **settings)
    world.call("CreateEndpoint", EndpointName="e", EndpointConfigName="a")
    return dict(world.settled())


def at_once(world: Any, count: int) -> list[str]:
    """Send requests at the same time; the codes of their errors, or OK."""
    found: list[str] = []

    def send() -> None:
        try:
            world.invoke()
            found.append("OK")
        except AwsError as error:
            found.append(error.code)

    threads = [threading.Thread(target=send) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found)


def metrics(world: Any, name: str) -> list[float]:
    return [value for _, metric, value, _, _ in [*world.published.measured] if metric == name]


def test_the_first_request_starts_an_instance_and_the_next_ones_find_it(world: Any) -> None:
    described = endpoint(world)
    (variant,) = described["ProductionVariants"]
    assert variant["CurrentServerlessConfig"] == {"MemorySizeInMB": 2048, "MaxConcurrency": 2}
    assert world.processes() == []
    assert world.invoke()["Body"] == b"x"
    assert world.invoke()["Body"] == b"x"
    assert len(metrics(world, "ModelSetupTime")) == 1
    assert len(world.processes()) == 3


def test_an_idle_instance_ends(world: Any, until: Any) -> None:
    world.clock.speed = 1200.0
    endpoint(world)
    world.invoke()
    assert world.processes()
    until(lambda: world.processes() == [])
    assert world.invoke()["Body"] == b"x"


def test_each_request_at_a_time_has_an_instance_and_one_too_many_is_throttled(world: Any) -> None:
    endpoint(world, SLOW)
    assert at_once(world, 3) == ["OK", "OK", "ThrottlingException"]
    assert len(world.processes()) == 2 * 3
    assert at_once(world, 1) == ["OK"]


def test_provisioned_instances_are_there_from_the_start_and_stay(world: Any) -> None:
    world.clock.speed = 100_000.0
    endpoint(world, ProvisionedConcurrency=1)
    time.sleep(0.2)
    assert len(world.processes()) == 3
    world.invoke()
    assert metrics(world, "ModelSetupTime") == []


def test_a_model_that_does_not_start_fails_the_endpoint(world: Any) -> None:
    described = endpoint(world, "raise SystemExit")
    assert described["EndpointStatus"] == "Failed"
    assert "did not pass the ping health check" in described["FailureReason"]


def test_an_instance_that_does_not_start_is_a_model_error(world: Any) -> None:
    endpoint(world)
    world.put("a/model.tar.gz", b"no archive")
    with pytest.raises(AwsError, match="ModelError: Failed to extract model data archive"):
        world.invoke()
    world.model("broken", "raise SystemExit")
    world.put("a/model.tar.gz", world.get("broken/model.tar.gz"))
    with pytest.raises(AwsError, match="ModelError: The container of the serverless variant"):
        world.invoke()
    assert at_once(world, 1) == ["ModelError"]  # no room was lost


def test_an_update_moves_all_at_once(world: Any) -> None:
    endpoint(world)
    world.invoke()
    config(world, "b")
    assert world.update("b")["EndpointConfigName"] == "b"
    assert world.invoke()["CustomAttributes"] == "model=b = 1"


def test_there_is_no_deployment_configuration(world: Any) -> None:
    endpoint(world)
    routing = {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 0}
    with pytest.raises(AwsError, match="DeploymentConfig is not supported for serverless endpoints"):
        world.update("a", DeploymentConfig={"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": routing}})


def test_it_has_no_instance_count(world: Any) -> None:
    endpoint(world)
    desired = {"VariantName": "main", "DesiredInstanceCount": 2}
    with pytest.raises(AwsError, match="DesiredInstanceCount is not supported for serverless"):
        world.call("UpdateEndpointWeightsAndCapacities", EndpointName="e", DesiredWeightsAndCapacities=[desired])


def test_it_comes_back_with_its_cloud(world: Any) -> None:
    endpoint(world)
    world.sagemaker.close()
    world.start()
    assert world.settled()["EndpointStatus"] == "InService"
    assert world.invoke()["Body"] == b"x"
