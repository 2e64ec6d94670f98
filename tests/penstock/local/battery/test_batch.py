"""A pipeline that predicts in batches has no endpoint: each row is answered, in order, beside its input."""

from typing import Any

import pytest

from battery.world import World

pytestmark = pytest.mark.battery
_ROWS = 50


def predictions(world: World, uri: str) -> list[str]:
    bucket, _, prefix = uri.removeprefix("s3://").partition("/")
    s3 = world.client("s3")
    keys = [item["Key"] for item in s3.list_objects_v2(Bucket=bucket, Prefix=prefix)["Contents"]]
    texts = (s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode() for key in sorted(keys))
    return [line for text in texts for line in text.splitlines()]


def test_every_row_is_answered_in_order(make_world: Any) -> None:
    with make_world({"deploy": {"kind": "batch"}, "smoke_test": None, "timeout_minutes": 90}, 20) as world:
        world.put_data("tiny/predict/rows.csv", "".join(["x\n", *(f"{n}\n" for n in range(_ROWS))]).encode())
        ended = world.wait(world.start(predict=f"s3://{world.outputs['DataBucketName']}/tiny/predict/"))
        assert (ended.status, ended.outcome) == ("SUCCEEDED", "DEPLOYED"), ended
        assert predictions(world, ended.output["predictions"]) == [f"{n},1.5" for n in range(_ROWS)]
        assert world.endpoint() is None
        assert "owner" not in world.lock()
