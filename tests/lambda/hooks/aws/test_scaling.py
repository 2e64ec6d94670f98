from collections.abc import Callable
from datetime import UTC, datetime

from botocore.stub import Stubber

from hooks.aws import scaling

Stub = Callable[[str], Stubber]
VARIANT = {"ServiceNamespace": "sagemaker", "ScalableDimension": "sagemaker:variant:DesiredInstanceCount"}


def test_variants_that_no_longer_follow_the_load_are_let_be(stub: Stub) -> None:
    client = stub("application-autoscaling")
    others = [f"endpoint/dev-bigmart/variant/{name}" for name in ("challenger", "shadow")]
    target = VARIANT | {
        "ResourceId": others[0],
        "MinCapacity": 1,
        "MaxCapacity": 2,
        "RoleARN": "arn:aws:iam::123456789012:role/r",
        "CreationTime": datetime(2026, 1, 1, tzinfo=UTC),
    }
    asked = VARIANT | {"ResourceIds": others}
    client.add_response("describe_scalable_targets", {"ScalableTargets": [target]}, asked)
    client.add_response("deregister_scalable_target", {}, VARIANT | {"ResourceId": others[0]})
    assert scaling.forget_all_but(["main"], "dev-bigmart") == [others[0]]
