from collections.abc import Callable
from typing import Any

import pytest

from penstock_constructs.steps.endpoint_config import (
    Asynchronous,
    Beside,
    Instances,
    Serverless,
    create_endpoint_config,
)
from penstock_constructs.steps.step import Machine, State

Evaluate = Callable[..., Any]
RequestOf = Callable[..., Any]
VARIABLES = {
    "run": "7c1f09ab",
    "folder": "s3://artefacts/bigmart/runs/7c1f09ab",
    "model": "dev-bigmart-7c1f09ab",
    "instance_types": {"deploy": "ml.m5.large"},
    "volume_keys": {"deploy": True},
    "known": False,
    "champion": {},
}
CHAMPION = {"champion": {"model": "dev-bigmart-5d02c1e9"}}


def _state(machine: Machine, **properties: Any) -> State:
    host = properties.pop("host", Instances(2))
    state: State = create_endpoint_config(machine=machine, host=host, then="next", **properties).states[
        "Create endpoint config"
    ]
    return state


@pytest.mark.parametrize(
    ("takes_key", "key"),
    [(True, {"KmsKeyId": "arn:aws:iam::123456789012:role/KeyArn"}), (False, {})],
    ids=["EBS", "own disks"],
)
def test_the_request_is_whole(machine: Machine, request_of: RequestOf, key: dict[str, str], *, takes_key: bool) -> None:
    request = request_of(_state(machine), **VARIABLES | {"volume_keys": {"deploy": takes_key}})
    assert request == {
        "EndpointConfigName": "dev-bigmart-7c1f09ab",
        "ProductionVariants": [
            {
                "VariantName": "main",
                "ModelName": "dev-bigmart-7c1f09ab",
                "InstanceType": "ml.m5.large",
                "InitialInstanceCount": 2,
                "InitialVariantWeight": 1,
            }
        ],
        "Tags": [{"Key": "penstock:pipeline", "Value": "bigmart"}, {"Key": "penstock:run", "Value": "7c1f09ab"}],
        **key,
    }


def test_the_name_is_the_one_that_sagemaker_says(evaluate: Evaluate, machine: Machine) -> None:
    arn = "arn:aws:sagemaker:us-east-1:123456789012:endpoint-config/dev-bigmart-7c1f09ab-2"
    expression = _state(machine)["Assign"]["config"]
    assert evaluate(expression, states={"result": {"EndpointConfigArn": arn}}) == "dev-bigmart-7c1f09ab-2"


def test_serverless_has_memory_and_no_instances_or_disks(machine: Machine, request_of: RequestOf) -> None:
    request = request_of(_state(machine, host=Serverless(3072, 7)), **VARIABLES)
    (variant,) = request["ProductionVariants"]
    assert variant["ServerlessConfig"] == {"MemorySizeInMB": 3072, "MaxConcurrency": 7}
    assert "InstanceType" not in variant
    assert "KmsKeyId" not in request


def test_a_challenger_gets_its_share_beside_the_champion(machine: Machine, request_of: RequestOf) -> None:
    request = request_of(_state(machine, beside=Beside("challenger", 20)), **VARIABLES | CHAMPION)
    assert [
        (variant["VariantName"], variant["ModelName"], variant["InitialVariantWeight"])
        for variant in request["ProductionVariants"]
    ] == [("main", "dev-bigmart-5d02c1e9", 0.8), ("challenger", "dev-bigmart-7c1f09ab", 0.2)]


def test_a_shadow_gets_copies_of_its_share_behind_the_champion(machine: Machine, request_of: RequestOf) -> None:
    request = request_of(_state(machine, beside=Beside("shadow", 40)), **VARIABLES | CHAMPION)
    assert [variant["ModelName"] for variant in request["ProductionVariants"]] == ["dev-bigmart-5d02c1e9"]
    (shadow,) = request["ShadowProductionVariants"]
    assert (shadow["VariantName"], shadow["ModelName"]) == ("shadow", "dev-bigmart-7c1f09ab")
    assert shadow["InitialVariantWeight"] == 0.4
    assert request["KmsKeyId"]


@pytest.mark.parametrize("given", [{}, CHAMPION | {"known": True}], ids=["first model", "known model"])
@pytest.mark.parametrize("variant", ["challenger", "shadow"])
def test_the_model_is_alone_where_there_is_nothing_to_be_beside(
    machine: Machine, request_of: RequestOf, evaluate: Evaluate, variant: Any, given: dict[str, Any]
) -> None:
    state = _state(machine, beside=Beside(variant, 20))
    request = request_of(state, **VARIABLES | given)
    assert [(one["VariantName"], one["ModelName"]) for one in request["ProductionVariants"]] == [
        ("main", "dev-bigmart-7c1f09ab")
    ]
    assert "ShadowProductionVariants" not in request
    assert evaluate(state["Assign"]["serves_as"], **VARIABLES | given) == "main"


@pytest.mark.parametrize("variant", ["challenger", "shadow"])
def test_what_the_model_serves_as_is_known(machine: Machine, evaluate: Evaluate, variant: Any) -> None:
    state = _state(machine, beside=Beside(variant, 20))
    assert evaluate(state["Assign"]["serves_as"], **VARIABLES | CHAMPION) == variant


def test_what_is_captured_is_encrypted_and_the_pipeline_s_own(machine: Machine, request_of: RequestOf) -> None:
    capture = request_of(_state(machine, capture_percent=30), **VARIABLES)["DataCaptureConfig"]
    assert (capture["EnableCapture"], capture["InitialSamplingPercentage"]) == (True, 30)
    assert capture["DestinationS3Uri"] == "s3://artefacts/bigmart/capture/"
    assert capture["KmsKeyId"]


@pytest.mark.parametrize(("most", "client"), [(4, {"MaxConcurrentInvocationsPerInstance": 4}), (None, None)])
def test_an_asynchronous_endpoint_answers_below_the_pipeline_s_folder(
    machine: Machine, request_of: RequestOf, most: int | None, client: dict[str, int] | None
) -> None:
    config = request_of(_state(machine, asynchronous=Asynchronous(most)), **VARIABLES)["AsyncInferenceConfig"]
    assert config["OutputConfig"]["S3OutputPath"] == "s3://artefacts/bigmart/async/output/"
    assert config["OutputConfig"]["S3FailurePath"] == "s3://artefacts/bigmart/async/failure/"
    assert config.get("ClientConfig") == client
