import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import assertions

from penstock.spec import Pipeline, load_project
from penstock.spec.image import image_tag
from penstock.spec.metrics import METRICS
from stacks.pipeline import PipelineStack
from stacks.platform import PlatformStack

Template = dict[str, Any]
Find = Callable[[Template, str], list[dict[str, Any]]]


def _definition_in(root: Path, pipeline: Pipeline, region: str) -> dict[str, Any]:
    stage = cdk.Stage(cdk.App(), "test", env=cdk.Environment(region=region))
    platform = PlatformStack(stage, "platform", environment="test", containers=[], emails=[])
    stack = PipelineStack(stage, pipeline.name, root=root, environment="test", pipeline=pipeline, platform=platform)
    machines = assertions.Template.from_stack(stack).find_resources("AWS::StepFunctions::StateMachine")
    (machine,) = machines.values()
    definition: dict[str, Any] = json.loads(machine["Properties"]["DefinitionString"])
    return definition


def test_names_are_those_of_environment_and_pipeline(pipeline_template: Template, find: Find) -> None:
    assert {role["RoleName"] for role in find(pipeline_template, "AWS::IAM::Role")} == {
        "dev-bigmart-execution",
        "dev-bigmart-workflow",
        "dev-bigmart-prepare",
        "dev-bigmart-find-champion",
        "dev-bigmart-gate",
        "dev-bigmart-smoke-test",
        "dev-bigmart-tidy",
        "dev-bigmart-after-failure",
    }
    assert find(pipeline_template, "AWS::StepFunctions::StateMachine")[0]["StateMachineName"] == "dev-bigmart"
    assert pipeline_template["Outputs"]["EndpointName"]["Value"] == "dev-bigmart"


def test_the_image_is_the_one_of_the_container_as_it_is_now(
    pipeline_template: Template, find: Find, root: Path
) -> None:
    (machine,) = find(pipeline_template, "AWS::StepFunctions::StateMachine")
    uri = machine["DefinitionSubstitutions"]["TrainingImage"]["Fn::Sub"]
    assert uri.endswith(f"/dev-forest:{image_tag(root / 'containers' / 'forest')}")


def test_the_poll_interval_is_a_parameter(pipeline_template: Template, find: Find) -> None:
    assert pipeline_template["Parameters"]["PollSeconds"] == {
        "Type": "Number",
        "Default": 15,
        "MinValue": 1,
        "MaxValue": 300,
        "Description": "Seconds between two looks at the endpoint, or at its lock",
    }
    (machine,) = find(pipeline_template, "AWS::StepFunctions::StateMachine")
    assert machine["DefinitionSubstitutions"]["PollSeconds"] == {"Ref": "PollSeconds"}


def test_every_metric_of_the_problem_is_read_from_the_log(definition: dict[str, Any]) -> None:
    algorithm = definition["States"]["Train"]["Arguments"]["AlgorithmSpecification"]
    names = [metric["Name"] for metric in algorithm["MetricDefinitions"]]
    assert names == [*METRICS["regression"], "rows_train", "rows_test"]


def test_what_is_pushed_is_what_is_run(pipeline_template: Template, find: Find) -> None:
    (machine,) = find(pipeline_template, "AWS::StepFunctions::StateMachine")
    image = machine["DefinitionSubstitutions"]["TrainingImage"]
    assert pipeline_template["Outputs"]["TrainingImage"]["Value"] == image


def test_the_endpoint_s_logs_are_kept_for_a_time(pipeline_template: Template, find: Find) -> None:
    groups = {
        group["LogGroupName"]: group["RetentionInDays"] for group in find(pipeline_template, "AWS::Logs::LogGroup")
    }
    assert groups["/aws/sagemaker/Endpoints/dev-bigmart"] == 365


def test_prepare_is_given_every_default(definition: dict[str, Any]) -> None:
    defaults = definition["States"]["Prepare"]["Arguments"]["Payload"]["defaults"]
    assert defaults["hyperparameters"]["target"] == "Item_Outlet_Sales"
    assert defaults["instance_types"].keys() == {"check", "process", "train", "evaluate", "deploy"}
    assert defaults["settings"].keys() == {"check", "evaluate", "gate"}


def test_the_path_of_a_run_is_the_one_that_the_spec_has(definition: dict[str, Any]) -> None:
    states, state, path = definition["States"], definition["StartAt"], []
    while state:
        path.append(state)
        state = states[state].get("Next") or states[state].get("Default")
    assert path[:12] == [
        "Prepare",
        "Known model",
        "Check data",
        "Process",
        "Train",
        "Take lock",
        "Find champion",
        "To evaluate",
        "Evaluate",
        "Gate",
        "Gate passed",
        "Register",
    ]


def test_the_partition_is_that_of_the_region(root: Path) -> None:
    states = _definition_in(root, load_project(root).pipelines["bigmart"], "cn-north-1")["States"]
    assert states["Prepare"]["Resource"] == "arn:aws-cn:states:::lambda:invoke"


def test_failures_run_the_hook(pipeline_template: Template, find: Find) -> None:
    (rule,) = find(pipeline_template, "AWS::Events::Rule")
    assert rule["EventPattern"]["detail"]["status"] == ["FAILED", "TIMED_OUT", "ABORTED"]
    (permission,) = find(pipeline_template, "AWS::Lambda::Permission")
    assert permission["Principal"] == "events.amazonaws.com"
    assert permission["FunctionName"] == rule["Targets"][0]["Arn"]
    assert rule["Targets"][0]["RetryPolicy"] == {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 20}
    assert "Fn::GetAtt" in permission["SourceArn"]


def test_a_report_that_could_not_be_made_is_told_of(pipeline_template: Template, find: Find) -> None:
    letters = {
        item["FunctionName"]: item["DeadLetterConfig"]
        for item in find(pipeline_template, "AWS::Lambda::Function")
        if "DeadLetterConfig" in item
    }
    assert letters.keys() == {"dev-bigmart-after-failure"}
    assert "Topic" in json.dumps(letters)


def test_every_alarm_tells_the_topic_and_is_quiet_without_data(pipeline_template: Template, find: Find) -> None:
    alarms = find(pipeline_template, "AWS::CloudWatch::Alarm")
    assert len(alarms) == 5
    for alarm in alarms:
        assert "Topic" in json.dumps(alarm["AlarmActions"])
        assert alarm["TreatMissingData"] == "notBreaching"


def test_latency_is_compared_in_microseconds(pipeline_template: Template, find: Find) -> None:
    (alarm,) = [
        item for item in find(pipeline_template, "AWS::CloudWatch::Alarm") if "ModelLatency" in json.dumps(item)
    ]
    assert alarm["Threshold"] == 200_000
    assert alarm["Metrics"][1]["MetricStat"]["Stat"] == "p99"


def test_errors_are_compared_in_percent_of_the_requests(pipeline_template: Template, find: Find) -> None:
    (alarm,) = [item for item in find(pipeline_template, "AWS::CloudWatch::Alarm") if "5XX" in json.dumps(item)]
    assert alarm["Threshold"] == 1
    assert alarm["Metrics"][0]["Expression"] == "IF(invocations > 0, 100 * errors / invocations, 0)"
