from collections.abc import Callable
from typing import Any

import pytest

from penstock_constructs.steps.endpoint_config import create_endpoint_config
from penstock_constructs.steps.step import Step

Evaluate = Callable[..., Any]
STATES = {"context": {"Execution": {}, "State": {"RetryCount": 0}}}


@pytest.fixture
def step(thing: Any) -> Step:
    return create_endpoint_config(
        name="dev-bigmart",
        variant="main",
        instance_count=2,
        key=thing,
        tags={"penstock:pipeline": "bigmart"},
        then="next",
    )


@pytest.mark.parametrize(
    ("takes_key", "key"), [(True, {"KmsKeyId": "${KeyArn}"}), (False, {})], ids=["EBS", "own disks"]
)
def test_the_request_is_whole(evaluate: Evaluate, step: Step, key: dict[str, str], *, takes_key: bool) -> None:
    request = evaluate(
        step.states["Create endpoint config"]["Arguments"],
        run="7c1f09ab",
        model="dev-bigmart-7c1f09ab",
        instance_types={"deploy": "ml.m5.large"},
        volume_keys={"deploy": takes_key},
        states=STATES,
    )
    assert request == {
        "EndpointConfigName": "dev-bigmart-7c1f09ab",
        "ProductionVariants": [
            {
                "VariantName": "main",
                "ModelName": "dev-bigmart-7c1f09ab",
                "InstanceType": "ml.m5.large",
                "InitialInstanceCount": 2,
            }
        ],
        "Tags": [{"Key": "penstock:pipeline", "Value": "bigmart"}, {"Key": "penstock:run", "Value": "7c1f09ab"}],
        **key,
    }


def test_the_name_is_the_one_that_sagemaker_says(evaluate: Evaluate, step: Step) -> None:
    arn = "arn:aws:sagemaker:us-east-1:123456789012:endpoint-config/dev-bigmart-7c1f09ab-2"
    expression = step.states["Create endpoint config"]["Assign"]["config"]
    assert evaluate(expression, states={"result": {"EndpointConfigArn": arn}}) == "dev-bigmart-7c1f09ab-2"
