"""What every role may do: no more than its work takes, and only for this account."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from hooks import tidying
from penstock_constructs.steps.tune import tuning_prefix

Template = dict[str, Any]
Find = Callable[[Template, str], list[dict[str, Any]]]
Statements = Callable[[Template], list[dict[str, Any]]]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


# What Step Functions calls a service, where IAM has another name for it.
SERVICES = {"sfn": "states", "applicationautoscaling": "application-autoscaling"}
ACTIONS = {"lambda:invoke": "lambda:InvokeFunction"}


def _called(definition: dict[str, Any]) -> set[str]:
    """Return the actions that the tasks of a state machine call, by AWS's naming of both."""
    actions = set()
    for state in definition["States"].values():
        if state["Type"] != "Task":
            continue
        resource = state["Resource"].removeprefix("arn:aws:states:::").removeprefix("aws-sdk:")
        call = resource.removesuffix(".sync").removesuffix(".waitForTaskToken")
        service, operation = call.split(":")
        name = operation[0].upper() + operation[1:]
        actions.add(ACTIONS.get(call, f"{SERVICES.get(service, service)}:{name}"))
        if "Tags" in json.dumps(state["Arguments"]):
            actions.add(f"{service}:AddTags")
        if resource.endswith(".sync"):
            job = name.removeprefix("Create")
            actions |= {f"sagemaker:Describe{job}", f"sagemaker:Stop{job}", "sagemaker:ListTags"}
            actions |= {f"events:{call}" for call in ("PutTargets", "PutRule", "DescribeRule")}
    return actions


# What no state calls by name: it is done in the machine's name.
IMPLIED = {
    "iam:PassRole",  # the execution role, to SageMaker
    "kms:CreateGrant",  # for the disks of the job and the endpoint
    "kms:Decrypt",  # the topic's messages, the table's items
    "kms:GenerateDataKey",
}
OF_ENDPOINTS = {"cloudwatch:DescribeAlarms"}  # while a model is rolled out
OF_SCALING = {
    "iam:CreateServiceLinkedRole",
    "sagemaker:DescribeEndpointConfig",
    "sagemaker:UpdateEndpointWeightsAndCapacities",
    "cloudwatch:PutMetricAlarm",
    "cloudwatch:DeleteAlarms",
}


def test_the_workflow_role_may_do_what_its_states_call_and_nothing_else(
    templates: dict[str, Template], definitions: dict[str, dict[str, Any]], statements: Statements
) -> None:
    for name, template in templates.items():
        allowed = {
            action
            for statement in statements(template)
            if statement["policy"] == f"What dev-{name}-workflow may do"
            for action in _listed(statement["Action"])
        }
        states = definitions[name]["States"]
        implied = IMPLIED | (OF_SCALING if "Register scaling" in states else set())
        implied |= OF_ENDPOINTS if "Update endpoint" in states else set()
        assert allowed == _called(definitions[name]) | implied, name


def test_what_aws_cannot_scope_is_in_policies_of_its_own_with_a_reason(
    templates: dict[str, Template], statements: Statements
) -> None:
    for template in templates.values():
        for statement in statements(template):
            unscoped = "*" in _listed(statement["Resource"])
            assert unscoped == ("cannot scope to a resource: " in statement["policy"]), statement


def test_no_action_is_a_wildcard(templates: dict[str, Template], statements: Statements) -> None:
    actions = [
        action
        for template in templates.values()
        for statement in statements(template)
        for action in _listed(statement["Action"])
    ]
    assert [action for action in actions if "*" in action] == []


def test_a_role_is_passed_to_sagemaker_only_and_is_the_execution_role(
    pipeline_template: Template, statements: Statements
) -> None:
    passing = [item for item in statements(pipeline_template) if "iam:PassRole" in _listed(item["Action"])]
    assert passing
    for statement in passing:
        assert statement["Condition"] == {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
        assert statement["Resource"]["Fn::GetAtt"][0].startswith("ExecutionRole")


def _statement(template: Template, statements: Statements, role: str, sid: str) -> dict[str, Any]:
    (found,) = [
        item
        for item in statements(template)
        if (item["policy"], item["Sid"]) == (f"What dev-bigmart-{role} may do", sid)
    ]
    return found


@pytest.mark.parametrize(
    ("role", "sid", "service"),
    [
        ("workflow", "LockEncrypted", "dynamodb"),
        ("after-failure", "TableEncrypted", "dynamodb"),
        ("workflow", "PublishEncrypted", "sns"),
        ("after-failure", "Encrypted", "sns"),
        ("prepare", "Encrypted", "s3"),
        ("workflow", "Volumes", "sagemaker"),
    ],
)
def test_the_key_is_used_through_the_service_that_has_what_it_encrypts(
    pipeline_template: Template, statements: Statements, role: str, sid: str, service: str
) -> None:
    condition = _statement(pipeline_template, statements, role, sid)["Condition"]["StringEquals"]
    assert condition == {"kms:ViaService": {"Fn::Sub": f"{service}.${{AWS::Region}}.${{AWS::URLSuffix}}"}}


def test_a_job_may_encrypt_its_output_with_the_key(pipeline_template: Template, statements: Statements) -> None:
    actions = _statement(pipeline_template, statements, "execution", "Encrypted")["Action"]
    assert actions == ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"]


def test_a_copy_in_parts_may_be_tagged(pipeline_template: Template, statements: Statements) -> None:
    assert "s3:PutObjectVersionTagging" in _statement(pipeline_template, statements, "prepare", "PinData")["Action"]


def test_a_job_writes_to_its_own_run_and_never_what_was_pinned(
    pipeline_template: Template, statements: Statements
) -> None:
    resources = _statement(pipeline_template, statements, "execution", "WriteRuns")["Resource"]
    written = {resource["Fn::Join"][1][-1].removesuffix("/*") for resource in resources}
    assert all(path.startswith("/bigmart/runs/????????/") for path in written)
    assert not {path.rpartition("/")[2] for path in written} & {"input", "settings", "predict"}


def test_jobs_and_endpoint_log_to_their_own_groups(pipeline_template: Template, statements: Statements) -> None:
    *jobs, endpoint = _statement(pipeline_template, statements, "execution", "Log")["Resource"]
    assert [job["Fn::Sub"].rpartition("/")[2] for job in jobs] == ["TrainingJobs*", "ProcessingJobs*", "TransformJobs*"]
    assert endpoint == {"Fn::GetAtt": ["EndpointLogs", "Arn"]}


def test_every_role_is_assumed_for_this_account_and_one_kind_of_resource(
    pipeline_template: Template, find: Find
) -> None:
    for role in find(pipeline_template, "AWS::IAM::Role"):
        (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
        assert trust["Condition"]["ArnLike"]["aws:SourceArn"]


def test_every_role_waits_for_its_policies(pipeline_template: Template, find: Find) -> None:
    for role in find(pipeline_template, "AWS::IAM::Role"):
        assert all("Ref" in policy for policy in role["ManagedPolicyArns"])


def test_a_pipeline_has_a_role_for_its_jobs_one_for_its_machine_and_one_for_each_hook(
    templates: dict[str, Template], find: Find
) -> None:
    for name, template in templates.items():
        hooks = len(find(template, "AWS::Lambda::Function"))
        assert len(find(template, "AWS::IAM::Role")) == 2 + hooks <= 12, name


def test_every_policy_is_within_iams_limits(templates: dict[str, Template], find: Find) -> None:
    """6,144 characters, where references become ARNs of some 100; and ten policies to a role."""
    for template in templates.values():
        for policy in find(template, "AWS::IAM::ManagedPolicy"):
            text = json.dumps(policy["PolicyDocument"], separators=(",", ":"))
            assert len(re.sub(r'{"Fn::(GetAtt|ImportValue)":[^}]*}', "a" * 100, text)) < 6144
        assert max(len(role["ManagedPolicyArns"]) for role in find(template, "AWS::IAM::Role")) <= 10


@pytest.mark.parametrize("kind", ["AWS::Lambda::Function", "AWS::StepFunctions::StateMachine"])
def test_everything_that_runs_is_traced_and_logged(pipeline_template: Template, find: Find, kind: str) -> None:
    for properties in find(pipeline_template, kind):
        assert properties.get("TracingConfig", {"Mode": "Active"}) == {"Mode": "Active"}
        assert properties.get("TracingConfiguration", {"Enabled": True}) == {"Enabled": True}
        assert "Logs" in json.dumps(properties.get("LoggingConfig") or properties["LoggingConfiguration"])


def test_logs_are_kept_for_a_time_and_hold_no_data(pipeline_template: Template, find: Find) -> None:
    assert {group["RetentionInDays"] for group in find(pipeline_template, "AWS::Logs::LogGroup")} == {365}
    (machine,) = find(pipeline_template, "AWS::StepFunctions::StateMachine")
    assert machine["LoggingConfiguration"]["Level"] == "ALL"
    assert machine["LoggingConfiguration"]["IncludeExecutionData"] is False


@pytest.mark.parametrize("role", ["workflow", "after-failure"])
def test_the_lock_of_no_other_endpoint_is_touched(
    pipeline_template: Template, statements: Statements, role: str
) -> None:
    sid = "Lock" if role == "workflow" else "ReleaseLock"
    condition = _statement(pipeline_template, statements, role, sid)["Condition"]
    assert condition["ForAllValues:StringEquals"] == {"dynamodb:LeadingKeys": ["dev-bigmart"]}


def test_tidying_removes_the_data_of_runs_and_nothing_else_of_the_bucket(
    pipeline_template: Template, statements: Statements
) -> None:
    resources = _statement(pipeline_template, statements, "tidy", "RemoveData")["Resource"]
    assert [resource["Fn::Join"][1][-1] for resource in resources] == [
        f"/bigmart/runs/????????/{part}/*" for part in tidying.DATA
    ]


def test_the_logs_of_training_jobs_that_tune_may_be_read(
    templates: dict[str, Template], statements: Statements
) -> None:
    """Their names are shorter than those of other jobs."""
    name = "tuned-at-great-length"
    (statement,) = [item for item in statements(templates[name]) if item["Sid"] == "ReadLogs"]
    assert f"TrainingJobs:log-stream:{tuning_prefix(f'dev-{name}')}-*" in json.dumps(statement["Resource"])
