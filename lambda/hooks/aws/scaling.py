"""Application Auto Scaling: the variants whose instances follow the load."""

from collections.abc import Sequence

from hooks.aws import clients

_VARIANT = {"ServiceNamespace": "sagemaker", "ScalableDimension": "sagemaker:variant:DesiredInstanceCount"}
_NAMES = ("main", "challenger", "shadow")


def forget_all_but(scaled: Sequence[str], endpoint: str) -> list[str]:
    """Let the numbers of the endpoint's other variants be, which followed the load before; return which those are."""
    others = [f"endpoint/{endpoint}/variant/{variant}" for variant in _NAMES if variant not in scaled]
    client = clients.client("application-autoscaling")
    targets = client.describe_scalable_targets(ResourceIds=others, **_VARIANT)["ScalableTargets"]
    for target in targets:
        client.deregister_scalable_target(ResourceId=target["ResourceId"], **_VARIANT)
    return [target["ResourceId"] for target in targets]
