from collections.abc import Callable
from typing import Any

from penstock_constructs.steps.model import create_model
from penstock_constructs.steps.network import Network
from penstock_constructs.steps.step import Machine


def test_the_name_is_the_one_that_sagemaker_says(evaluate: Callable[..., Any], machine: Machine) -> None:
    """A retry has another name than the call whose answer was lost."""
    state = create_model(machine=machine, network=Network(), then="next").states["Create model"]
    arn = "arn:aws:sagemaker:us-east-1:123456789012:model/dev-bigmart-7c1f09ab-1"
    assert evaluate(state["Assign"]["model"], states={"result": {"ModelArn": arn}}) == "dev-bigmart-7c1f09ab-1"


def test_the_machine_may_make_models_of_this_pipeline_only(machine: Machine) -> None:
    step = create_model(machine=machine, network=Network(), then="next")
    names = [resource["Fn::Sub"].rpartition("/")[2] for resource in step.statements[0]["Resource"]]
    assert names == ["dev-bigmart-????????", "dev-bigmart-????????-*"]


def test_it_is_served_from_the_account_s_own_network_if_there_is_one(machine: Machine) -> None:
    network = Network(isolated=False, subnets=["subnet-1"], security_groups=["sg-1"])
    arguments = create_model(machine=machine, network=network, then="next").states["Create model"]["Arguments"]
    assert arguments["VpcConfig"] == {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}
    assert arguments["EnableNetworkIsolation"] is False


def test_its_tag_says_of_which_generation_it_is(machine: Machine) -> None:
    arguments = create_model(machine=machine, network=Network(), then="next").states["Create model"]["Arguments"]
    assert {"Key": "penstock:generation", "Value": "{% $string($generation) %}"} in arguments["Tags"]
