from collections.abc import Callable
from typing import Any

import pytest

from penstock_constructs.steps.network import Network
from penstock_constructs.steps.step import Machine
from penstock_constructs.steps.train import train
from penstock_constructs.steps.training import Training

RequestOf = Callable[..., Any]
VARIABLES = {
    "run": "7c1f09ab",
    "folder": "s3://artefacts/bigmart/runs/7c1f09ab",
    "image": "image",
    "hyperparameters": {"n_estimators": "100"},
    "instance_types": {"train": "ml.m5.xlarge"},
}
PLAIN = Training(["rmse"], 30, 3600)
FULL = Training(
    ["rmse"],
    30,
    3600,
    instance_count=2,
    sharded=True,
    max_wait_seconds=7200,
    checkpoints=True,
    max_retries=3,
    keep_alive_seconds=600,
    network=Network(encrypted=True, subnets=["subnet-1"], security_groups=["sg-1"]),
)


@pytest.fixture
def request_with(machine: Machine, request_of: RequestOf) -> RequestOf:
    def run(training: Training, *, takes_key: bool = True) -> Any:
        state = train(machine=machine, training=training, then="Take lock").states["Train"]
        return request_of(state, **VARIABLES, volume_keys={"train": takes_key})

    return run


@pytest.mark.parametrize("takes_key", [True, False], ids=["EBS", "own disks"])
def test_disks_are_encrypted_with_the_key_where_they_can_be(request_with: RequestOf, *, takes_key: bool) -> None:
    resources = request_with(PLAIN, takes_key=takes_key)["ResourceConfig"]
    assert ("VolumeKmsKeyId" in resources) is takes_key
    assert resources["InstanceCount"] == 1


def test_without_more_said_a_job_is_plain(request_with: RequestOf) -> None:
    request = request_with(PLAIN)
    assert request["EnableNetworkIsolation"] is True
    more = {"EnableManagedSpotTraining", "CheckpointConfig", "RetryStrategy", "VpcConfig"}
    assert not more & request.keys()
    assert request["StoppingCondition"] == {"MaxRuntimeInSeconds": 3600}


def test_what_the_spec_says_is_in_the_request(request_with: RequestOf) -> None:
    request = request_with(FULL)
    assert request["CheckpointConfig"] == {"S3Uri": "s3://artefacts/bigmart/runs/7c1f09ab/checkpoints/"}
    assert request["RetryStrategy"] == {"MaximumRetryAttempts": 3}
    assert request["ResourceConfig"]["KeepAlivePeriodInSeconds"] == 600
    assert request["ResourceConfig"]["InstanceCount"] == 2
    assert request["EnableInterContainerTrafficEncryption"] is True
    assert request["VpcConfig"]["Subnets"] == ["subnet-1"]


def test_the_state_outlasts_the_waiting_for_spare_capacity(machine: Machine) -> None:
    assert train(machine=machine, training=FULL, then="Take lock").states["Train"]["TimeoutSeconds"] > 7200


def test_a_call_that_got_no_answer_is_made_again_under_another_name(machine: Machine) -> None:
    state = train(machine=machine, training=PLAIN, then="Take lock").states["Train"]
    assert "RetryCount" in state["Arguments"]["TrainingJobName"]
