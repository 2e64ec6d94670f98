"""What a spec has beside bigmart's way, in the template and the definition."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import assertions

from penstock.spec import load_project
from penstock.spec.environment import Vpc
from stacks.pipeline import PipelineStack
from stacks.platform import PlatformStack

Template = dict[str, Any]
Find = Callable[[Template, str], list[dict[str, Any]]]
Definitions = dict[str, dict[str, Any]]
Statements = Callable[[Template], list[dict[str, Any]]]


def _arguments(definitions: Definitions, name: str, state: str) -> str:
    return json.dumps(definitions[name]["States"][state]["Arguments"])


def test_a_batch_pipeline_has_no_endpoint_and_nothing_of_one(
    templates: dict[str, Template], definitions: Definitions, find: Find
) -> None:
    states = definitions["batch"]["States"]
    assert not [name for name in states if "endpoint" in name.lower() or "Smoke" in name]
    assert states["Create model"]["Next"] == "Predict"
    assert states["Predict"]["Next"] == "Tidy"
    assert "EndpointName" not in templates["batch"]["Outputs"]
    assert not [
        alarm for alarm in find(templates["batch"], "AWS::CloudWatch::Alarm") if "SageMaker" in json.dumps(alarm)
    ]
    names = {function["FunctionName"] for function in find(templates["batch"], "AWS::Lambda::Function")}
    assert "dev-batch-smoke-test" not in names


def test_the_rows_of_a_batch_are_looked_at_before_anything_is_trained(definitions: Definitions) -> None:
    states = definitions["batch"]["States"]
    assert states["Process"]["Next"] == states["Known model"]["Choices"][0]["Next"] == "Process batch"
    assert states["Process batch"]["Next"] == "To train"
    assert states["To train"]["Choices"] == [{"Condition": "{% $known %}", "Next": "Take lock"}]
    assert states["To train"]["Default"] == "Train"
    assert definitions["bigmart"]["States"]["Process"]["Next"] == "Train"


def test_a_serverless_endpoint_is_updated_without_guardrails(definitions: Definitions) -> None:
    assert "DeploymentConfig" not in _arguments(definitions, "serverless", "Update endpoint")


def test_a_serverless_model_is_not_isolated_as_aws_has_it(definitions: Definitions) -> None:
    isolated = {
        name: definition["States"]["Create model"]["Arguments"]["EnableNetworkIsolation"]
        for name, definition in definitions.items()
    }
    assert {name for name, value in isolated.items() if not value} == {"serverless"}


def test_the_number_of_instances_is_put_to_the_load_after_the_smoke_test(definitions: Definitions) -> None:
    for name in ("canary", "async"):
        states = definitions[name]["States"]
        assert states["Smoke test"]["Next"] == "Register scaling"
        assert states["Put scaling policy"]["Next"] == "Tidy"
        assert states["Tidy"]["Arguments"]["Payload"]["scaled"] == ["main"]
    assert definitions["bigmart"]["States"]["Smoke test"]["Next"] == "Tidy"


def test_a_canary_is_taken_back_by_the_pipeline_s_own_alarms(
    templates: dict[str, Template], definitions: Definitions, find: Find
) -> None:
    update = _arguments(definitions, "canary", "Update endpoint")
    assert "'Type': 'CANARY', 'WaitIntervalInSeconds': 600" in update
    (machine,) = find(templates["canary"], "AWS::StepFunctions::StateMachine")
    for alarm in ("Alarm1", "Alarm2"):
        assert f"${{{alarm}}}" in update
        name = machine["DefinitionSubstitutions"][alarm]["Ref"]
        assert templates["canary"]["Resources"][name]["Type"] == "AWS::CloudWatch::Alarm"


def test_a_rollout_s_alarms_look_at_single_minutes(templates: dict[str, Template], find: Find) -> None:
    of_endpoint = [
        item for item in find(templates["canary"], "AWS::CloudWatch::Alarm") if "VariantName" in json.dumps(item)
    ]
    periods = {query["MetricStat"]["Period"] for alarm in of_endpoint for query in alarm["Metrics"][1:]}
    assert periods == {60}


def test_a_challenger_has_alarms_of_its_own_and_a_shadow_has_none(templates: dict[str, Template], find: Find) -> None:
    def watched(name: str) -> set[str]:
        text = json.dumps(find(templates[name], "AWS::CloudWatch::Alarm"))
        return {variant for variant in ("main", "challenger", "shadow") if f'"Value": "{variant}"' in text}

    assert watched("ab") == {"main", "challenger"}
    assert watched("shadow") == {"main"}


def test_tuning_takes_the_place_of_training(definitions: Definitions) -> None:
    states = definitions["tuned-at-great-length"]["States"]
    assert states["Process"]["Next"] == "Tune"
    assert states["Describe best job"]["Next"] == "Take lock"
    assert "Train" not in states


def test_a_run_that_may_be_superseded_claims_its_turn(definitions: Definitions) -> None:
    assert {"Claim turn", "Superseded"} <= definitions["tuned-at-great-length"]["States"].keys()
    assert definitions["tuned-at-great-length"]["States"]["Superseded"]["Next"] == "Publish"
    assert not {"Claim turn", "Superseded"} & definitions["bigmart"]["States"].keys()


def test_what_is_to_be_approved_is_asked_for_before_it_is_deployed(definitions: Definitions) -> None:
    states = definitions["approval"]["States"]
    assert states["Register"]["Next"] == "Ask for approval"
    assert states["Approved"]["Default"] == "Create model"
    assert [choice["Next"] for choice in states["Approved"]["Choices"]] == ["Release lock"]
    assert states["Gate"]["Arguments"]["Payload"]["rules"]["at_most"] == 10


def test_spark_has_an_image_and_instances_of_its_own(
    templates: dict[str, Template], definitions: Definitions, find: Find
) -> None:
    (machine,) = find(templates["spark"], "AWS::StepFunctions::StateMachine")
    assert "/sagemaker-spark-processing:" in machine["DefinitionSubstitutions"]["SparkImage"]
    process = definitions["spark"]["States"]["Process"]["Arguments"]
    assert process["AppSpecification"]["ContainerEntrypoint"][0] == "smspark-submit"
    assert "'InstanceCount': 2" in process["ProcessingResources"]["ClusterConfig"]
    assert process["NetworkConfig"]["EnableNetworkIsolation"] is False  # they must reach each other
    assert "'--files', '2'" in process["AppSpecification"]["ContainerArguments"]


def test_an_image_of_sagemaker_s_is_given_the_programs(
    templates: dict[str, Template], definitions: Definitions, statements: Statements
) -> None:
    app = definitions["sklearn"]["States"]["Check data"]["Arguments"]["AppSpecification"]
    assert app["ImageUri"] == "${PrebuiltImage}"
    assert app["ContainerEntrypoint"][0] == "python3"
    assert app["ContainerEntrypoint"][1].endswith(".zip")
    (pull,) = [item for item in statements(templates["sklearn"]) if item["Sid"] == "PullImages"]
    assert any("sagemaker-scikit-learn" in json.dumps(repository) for repository in pull["Resource"])


def test_the_user_s_own_script_is_brought_to_the_job(definitions: Definitions) -> None:
    assert "'${CodeUri}'" in _arguments(definitions, "batch", "Process")
    assert "'${CodeUri}'" in _arguments(definitions, "batch", "Process batch")
    assert "CodeUri" not in _arguments(definitions, "bigmart", "Process")


def test_in_a_network_of_the_account_s_own_jobs_and_models_are_in_it(root: Path) -> None:
    pipeline = load_project(root).pipelines["bigmart"]
    vpc = Vpc(subnets=("subnet-0123456789abcdef0",), security_groups=("sg-0123456789abcdef0",))
    stage = cdk.Stage(cdk.App(), "test", env=cdk.Environment(region="us-east-1"))
    platform = PlatformStack(stage, "platform", environment="test", containers=[], emails=[])
    stack = PipelineStack(
        stage, pipeline.name, root=root, environment="test", pipeline=pipeline, platform=platform, vpc=vpc
    )
    template = assertions.Template.from_stack(stack).to_json()
    (machine,) = [
        item["Properties"]["DefinitionString"]
        for item in template["Resources"].values()
        if item["Type"] == "AWS::StepFunctions::StateMachine"
    ]
    states = json.loads(machine)["States"]
    for name in ("Check data", "Process", "Evaluate", "Score champion"):
        assert states[name]["Arguments"]["NetworkConfig"]["VpcConfig"]["Subnets"] == ["subnet-0123456789abcdef0"]
    for name in ("Train", "Create model"):
        assert states[name]["Arguments"]["VpcConfig"]["SecurityGroupIds"] == ["sg-0123456789abcdef0"]
    assert "ec2:CreateNetworkInterface" in json.dumps(template)
