"""What every role may do: no more than its work takes, and only for this account."""

import json
from collections.abc import Callable
from typing import Any

import pytest

Template = dict[str, Any]
Find = Callable[[Template, str], list[dict[str, Any]]]
Statements = Callable[[Template], list[dict[str, Any]]]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _called(definition: dict[str, Any]) -> set[str]:
    """Return the actions that the tasks of a state machine call, by AWS's naming of both."""
    tasks = [state for state in definition["States"].values() if state["Type"] == "Task"]
    names = {"lambda:invoke": "lambda:InvokeFunction", "sns:publish": "sns:Publish"}
    actions = set()
    for state in tasks:
        resource = state["Resource"].removeprefix("arn:aws:states:::").removeprefix("aws-sdk:")
        service, operation = resource.removesuffix(".sync").split(":")
        actions.add(names.get(resource, f"{service}:{operation[0].upper()}{operation[1:]}"))
        if "Tags" in json.dumps(state["Arguments"]):
            actions.add(f"{service}:AddTags")
    return actions


# What no state calls by name: it is done in the machine's name.
IMPLIED = {
    "iam:PassRole",  # the execution role, to SageMaker
    "kms:CreateGrant",  # for the disks of the job and the endpoint
    "kms:Decrypt",  # the topic's messages
    "kms:GenerateDataKey",
    "sagemaker:DescribeTrainingJob",  # .sync
    "sagemaker:ListTags",
    "sagemaker:StopTrainingJob",
    "events:PutTargets",
    "events:PutRule",
    "events:DescribeRule",
}


def test_the_workflow_role_may_do_what_its_states_call_and_nothing_else(
    pipeline_template: Template, definition: dict[str, Any], statements: Statements
) -> None:
    allowed = {
        action
        for statement in statements(pipeline_template)
        if statement["policy"] == "What dev-bigmart-workflow may do"
        for action in _listed(statement["Action"])
    }
    assert allowed == _called(definition) | IMPLIED


def test_what_aws_cannot_scope_is_in_policies_of_its_own_with_a_reason(
    pipeline_template: Template, statements: Statements
) -> None:
    for statement in statements(pipeline_template):
        unscoped = "*" in _listed(statement["Resource"])
        assert unscoped == ("cannot scope to a resource: " in statement["policy"]), statement


def test_no_action_is_a_wildcard(pipeline_template: Template, statements: Statements) -> None:
    actions = [action for statement in statements(pipeline_template) for action in _listed(statement["Action"])]
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


def test_a_job_reads_what_was_pinned_and_what_it_wrote(pipeline_template: Template, statements: Statements) -> None:
    resources = _statement(pipeline_template, statements, "execution", "ReadRuns")["Resource"]
    assert [resource["Fn::Join"][1][-1] for resource in resources] == [
        "/bigmart/runs/*/input/*",
        "/bigmart/runs/*/output/*",
    ]


def test_jobs_and_endpoint_log_to_their_own_groups(pipeline_template: Template, statements: Statements) -> None:
    jobs, endpoint = _statement(pipeline_template, statements, "execution", "Log")["Resource"]
    assert jobs["Fn::Sub"].endswith(":log-group:/aws/sagemaker/TrainingJobs*")
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


def test_a_pipeline_has_at_most_eight_roles(pipeline_template: Template, find: Find) -> None:
    assert len(find(pipeline_template, "AWS::IAM::Role")) <= 8


def test_every_policy_is_within_iams_limit(pipeline_template: Template, find: Find) -> None:
    """6,144 characters; references become ARNs, of some 100."""
    for policy in find(pipeline_template, "AWS::IAM::ManagedPolicy"):
        assert len(json.dumps(policy["PolicyDocument"], separators=(",", ":"))) < 6144


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
