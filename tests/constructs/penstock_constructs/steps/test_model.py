from collections.abc import Callable
from typing import Any

from penstock_constructs.steps.model import create_model


def test_the_name_is_the_one_that_sagemaker_says(evaluate: Callable[..., Any], thing: Any) -> None:
    """A retry has another name than the call whose answer was lost."""
    state = create_model(name="dev-bigmart", image="image", role=thing, tags={}, then="next").states["Create model"]
    arn = "arn:aws:sagemaker:us-east-1:123456789012:model/dev-bigmart-7c1f09ab-1"
    assert evaluate(state["Assign"]["model"], states={"result": {"ModelArn": arn}}) == "dev-bigmart-7c1f09ab-1"


def test_the_machine_may_make_models_of_this_pipeline_only(thing: Any) -> None:
    step = create_model(name="dev-bigmart", image="image", role=thing, tags={}, then="next")
    names = [resource["Fn::Sub"].rpartition("/")[2] for resource in step.statements[0]["Resource"]]
    assert names == ["dev-bigmart-????????", "dev-bigmart-????????-*"]
