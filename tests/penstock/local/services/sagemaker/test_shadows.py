"""Shadow variants, and traffic shared between variants."""

import threading
from collections import Counter
from typing import Any

import pytest

from penstock.local.service import AwsError, JsonObject
from penstock.local.services.sagemaker_runtime import SageMakerRuntime

COUNT = (
    "import pathlib\ndef predict(body, headers): open({path!r}, 'ab').write(body + b';'); return {status}, b'shadow'"
)


def variant(name: str, weight: float = 1.0, instances: int = 1) -> JsonObject:
    found = {"VariantName": name, "ModelName": name, "InstanceType": "ml.m5.large", "InitialInstanceCount": instances}
    return {**found, "InitialVariantWeight": weight}


def with_shadow(world: Any, script: str = "", *, weight: float = 1.0, **config: Any) -> None:
    """Make the endpoint e of a, with the shadow variant shadow."""
    world.model("main")
    world.model("shadow", script)
    world.call(
        "CreateEndpointConfig",
        EndpointConfigName="c",
        ProductionVariants=[variant("main", 2.0)],
        ShadowProductionVariants=[variant("shadow", weight)],
        **config,
    )
    world.call("CreateEndpoint", EndpointName="e", EndpointConfigName="c")
    assert world.settled()["EndpointStatus"] == "InService"


def counted(world: Any, name: str) -> dict[str, float]:
    """The sum of a metric by variant."""
    found: Counter[str] = Counter()
    for _, metric, value, _, dimensions in [*world.published.measured]:
        if metric == name:
            found[dimensions["VariantName"]] += value
    return dict(found)


def test_a_shadow_gets_a_copy_of_its_share_and_the_caller_the_variants_answer(world: Any, until: Any) -> None:
    path = world.work / "seen"
    with_shadow(world, COUNT.format(path=str(path), status=200))
    for index in range(10):
        answer = world.invoke(Body=f"{index}".encode())
        assert (answer["Body"], answer["InvokedProductionVariant"]) == (f"{index}".encode(), "main")
    until(lambda: counted(world, "Invocations") == {"main": 10, "shadow": 5})
    assert sorted(path.read_bytes().split(b";")) == [b"", b"1", b"3", b"5", b"7", b"9"]
    shown = world.settled()["ShadowProductionVariants"]
    assert [(one["VariantName"], one["CurrentInstanceCount"]) for one in shown] == [("shadow", 1)]


def test_a_shadows_failures_are_its_own(world: Any, until: Any) -> None:
    with_shadow(world, "def predict(body, headers): return 500, b'no'", weight=2.0)
    assert [world.invoke()["Body"] for _ in range(4)] == [b"x"] * 4
    until(lambda: counted(world, "Invocation5XXErrors") == {"main": 0, "shadow": 4})


def test_a_shadow_that_is_slow_does_not_slow_the_caller(world: Any) -> None:
    with_shadow(world, "def predict(body, headers): time.sleep(60)", weight=2.0)
    assert [world.invoke()["Body"] for _ in range(20)] == [b"x"] * 20


def test_a_shadow_whose_process_has_gone_is_nothing_to_the_caller(world: Any) -> None:
    with_shadow(world, "def predict(body, headers): os._exit(1)", weight=2.0)
    assert [world.invoke()["Body"] for _ in range(4)] == [b"x"] * 4


def test_a_shadow_that_is_not_healthy_gets_no_copy(world: Any, until: Any) -> None:
    mark = str(world.work / "mark")
    gone = (
        f"if os.path.exists({mark!r}): raise SystemExit\ndef predict(body, headers): open({mark!r}, 'w'); os._exit(1)"
    )
    with_shadow(world, gone, weight=2.0)
    world.invoke()
    until(lambda: world.settled()["ShadowProductionVariants"][0]["CurrentInstanceCount"] == 0)
    assert world.invoke()["Body"] == b"x"


def test_copies_for_which_there_is_no_room_are_left_out(
    world: Any, until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("penstock.local.services.sagemaker.shadowing._MOST_WAITING", 1)
    world.runtime = SageMakerRuntime(sagemaker=world.sagemaker, metrics=world.published)
    gate = world.work / "gate"
    waits = f"while not os.path.exists({str(gate)!r}): time.sleep(0.01)"
    with_shadow(world, f"def predict(body, headers):\n    {waits}\n    return 200, b''", weight=2.0)
    assert [world.invoke()["Body"] for _ in range(5)] == [b"x"] * 5
    gate.touch()
    until(lambda: counted(world, "Invocations") == {"main": 5, "shadow": 1})
    world.runtime.close()
    assert world.invoke()["Body"] == b"x"


def test_a_shadow_is_no_target(world: Any) -> None:
    with_shadow(world)
    with pytest.raises(AwsError, match=r"ValidationError: Variant shadow not found for this request\."):
        world.invoke(TargetVariant="shadow")


def test_a_shadow_that_does_not_start_fails_the_endpoint(world: Any) -> None:
    world.model("main")
    world.model("shadow", "raise SystemExit")
    world.call(
        "CreateEndpointConfig",
        EndpointConfigName="c",
        ProductionVariants=[variant("main")],
        ShadowProductionVariants=[variant("shadow")],
    )
    world.call("CreateEndpoint", EndpointName="e", EndpointConfigName="c")
    assert "production variant shadow did not pass" in world.settled()["FailureReason"]


def test_weights_hold_over_many_requests_at_once(world: Any) -> None:
    for name in ("main", "challenger"):
        world.model(name)
    variants = [variant("main", 0.9), variant("challenger", 0.1)]
    world.call("CreateEndpointConfig", EndpointConfigName="c", ProductionVariants=variants)
    world.call("CreateEndpoint", EndpointName="e", EndpointConfigName="c")
    world.settled()
    invoked: list[str] = []

    def send() -> None:
        invoked.extend([world.invoke()["InvokedProductionVariant"] for _ in range(125)])

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(invoked) == 1000
    assert abs(invoked.count("challenger") - 100) <= 20
