"""What each kind of deployment comes to: who asks gets an answer, from the model that is to give it."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from battery.project import ENDPOINT
from battery.world import World
from waiting import until

pytestmark = pytest.mark.battery
_SPEED = 20
_REQUESTS, _POINTS = 5_000, 0.02
_MONTH_SECONDS = 2_592_000


def invoke(world: World) -> tuple[str, bytes]:
    """Return the variant that answers a row, and its answer."""
    runtime = world.client("sagemaker-runtime")
    answer = runtime.invoke_endpoint(EndpointName=ENDPOINT, ContentType="text/csv", Body=b"x\n1\n")
    return answer["InvokedProductionVariant"], answer["Body"].read()


def deploy(world: World, predicts: str) -> None:
    ended = world.run({"predicts": predicts})
    assert (ended.status, ended.outcome) == ("SUCCEEDED", "DEPLOYED"), ended


def test_a_serverless_model_answers_and_is_updated(make_world: Any) -> None:
    with make_world({"deploy": {"kind": "serverless"}}, _SPEED) as world:
        for predicts in ("1.5", "2.5"):
            deploy(world, predicts)
            assert invoke(world) == ("main", f"{predicts}\n".encode())


def test_an_asynchronous_model_answers_in_s3(make_world: Any) -> None:
    with make_world({"deploy": {"kind": "async"}}, _SPEED) as world:
        deploy(world, "1.5")
        s3, bucket = world.client("s3"), world.outputs["ArtefactBucketName"]
        s3.put_object(Bucket=bucket, Key="tiny/async/input/rows.csv", Body=b"x\n1\n2\n")
        asked = world.client("sagemaker-runtime").invoke_endpoint_async(
            EndpointName=ENDPOINT, ContentType="text/csv", InputLocation=f"s3://{bucket}/tiny/async/input/rows.csv"
        )
        key = asked["OutputLocation"].removeprefix(f"s3://{bucket}/")
        until(lambda: "Contents" in s3.list_objects_v2(Bucket=bucket, Prefix=key))
        assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == b"1.5\n1.5\n"


def test_a_challenger_answers_its_share_of_the_requests(make_world: Any) -> None:
    with make_world({"deploy": {"ab": {"percent": 10}}}, _SPEED) as world:
        deploy(world, "1.5")
        assert invoke(world) == ("main", b"1.5\n")
        deploy(world, "2.5")
        answers = Counter(invoke(world) for _ in range(_REQUESTS))
        assert answers.keys() == {("main", b"1.5\n"), ("challenger", b"2.5\n")}
        assert abs(answers["challenger", b"2.5\n"] / _REQUESTS - 0.1) <= _POINTS


def test_a_shadow_sees_requests_and_answers_none(make_world: Any) -> None:
    with make_world({"deploy": {"shadow": {"percent": 100}}}, _SPEED) as world:
        deploy(world, "1.5")
        deploy(world, "2.5")
        assert Counter(invoke(world) for _ in range(50)) == {("main", b"1.5\n"): 50}
        until(lambda: copied(world) == 1 + 50)  # the first is the smoke test's


def copied(world: World) -> float:
    """Return how many requests the shadow has been sent."""
    now = world.cloud.clock.now()
    sums = world.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/SageMaker",
        MetricName="Invocations",
        Dimensions=[{"Name": "EndpointName", "Value": ENDPOINT}, {"Name": "VariantName", "Value": "shadow"}],
        StartTime=now - timedelta(days=1),
        EndTime=now + timedelta(days=1),
        Period=_MONTH_SECONDS,
        Statistics=["Sum"],
    )
    return float(sum(point["Sum"] for point in sums["Datapoints"]))
