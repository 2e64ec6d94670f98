from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import assertions

from penstock_constructs.policy import allow
from penstock_constructs.steps.step import Step
from penstock_constructs.workflow import Workflow


def _statements(*statements: dict[str, Any]) -> list[dict[str, Any]]:
    stack = cdk.Stack(cdk.App(), "stack")
    Workflow(
        stack,
        "Workflow",
        name="test",
        steps=[Step({"Last": {"Type": "Succeed"}}, statements)],
        timeout_seconds=60,
    )
    policies = assertions.Template.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy").values()
    (own,) = [item for item in policies if item["Properties"]["Description"] == "What test-workflow may do"]
    found: list[dict[str, Any]] = own["Properties"]["PolicyDocument"]["Statement"]
    return found


def test_what_several_steps_need_is_allowed_once() -> None:
    same = allow("Call", "lambda:InvokeFunction", "arn:one")
    assert _statements(same, same) == [same]


def test_the_same_of_other_resources_is_one_statement() -> None:
    jobs = [allow("Jobs", "sagemaker:CreateProcessingJob", resources) for resources in ("arn:1", ["arn:2", "arn:1"])]
    assert _statements(*jobs) == [allow("Jobs", "sagemaker:CreateProcessingJob", ["arn:1", "arn:2"])]


def test_two_statements_of_one_name_that_differ_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="Two statements are named Call and differ"):
        _statements(allow("Call", "lambda:InvokeFunction", "arn:1"), allow("Call", "sns:Publish", "arn:1"))
