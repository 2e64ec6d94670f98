"""The state machine."""

from collections.abc import Sequence

import aws_cdk as cdk
from constructs import Construct

from penstock_constructs.definition import definition_string
from penstock_constructs.log_group import log_group
from penstock_constructs.policy import Arn, Statement, allow, arn
from penstock_constructs.resource import arn_of, resource
from penstock_constructs.role import Role
from penstock_constructs.steps.step import Step

# Delivering logs and traces: none of these takes a resource.
# https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy
_DELIVER_LOGS = allow(
    "DeliverLogs",
    [
        "logs:CreateLogDelivery",
        "logs:GetLogDelivery",
        "logs:UpdateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:DescribeResourcePolicies",
        "logs:DescribeLogGroups",
    ],
    "*",
)
_TRACE = allow(
    "Trace",
    [
        "xray:PutTraceSegments",
        "xray:PutTelemetryRecords",
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
    ],
    "*",
)

_PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov", "us-iso-": "aws-iso", "us-isob-": "aws-iso-b"}


class Workflow(Construct):
    """A state machine of `steps`, in their order, with a role that may do exactly what they need.

    Its log has every event but not the data in them: the execution's history has those, for 90 days, for whoever may
    read it, while logs are kept longer and read by more.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        steps: Sequence[Step],
        timeout_seconds: int,
    ) -> None:
        super().__init__(scope, construct_id)
        # Under this prefix the account's limited policy for log deliveries does not grow with every machine.
        logs = log_group(self, "Logs", name=f"/aws/vendedlogs/states/{name}")
        role = Role(
            self,
            "Role",
            name=f"{name}-workflow",
            service="states",
            source_arn=arn("states", f"stateMachine:{name}"),
            statements=_joined([statement for step in steps for statement in step.statements]),
            unscoped=[_DELIVER_LOGS, _TRACE],
            unscoped_reason="log deliveries and X-Ray have no resources.",
        )
        definition = definition_string(
            steps, timeout_seconds=timeout_seconds, partition=_partition(cdk.Stack.of(self).region)
        )
        machine = resource(
            self,
            "Resource",
            "AWS::StepFunctions::StateMachine",
            {
                "StateMachineName": name,
                "RoleArn": role.arn,
                "DefinitionString": definition,
                "DefinitionSubstitutions": {key: value for step in steps for key, value in step.substitutions.items()},
                "LoggingConfiguration": {
                    "Level": "ALL",
                    "IncludeExecutionData": False,
                    "Destinations": [{"CloudWatchLogsLogGroup": {"LogGroupArn": arn_of(logs)}}],
                },
                "TracingConfiguration": {"Enabled": True},
            },
        )
        self.name = name
        self.arn = arn_of(machine)


def _joined(statements: Sequence[Statement]) -> list[Statement]:
    """Return one statement for each name: several steps may need the same, or the same of other resources."""
    joined: dict[str, Statement] = {}
    for statement in statements:
        known = joined.setdefault(statement["Sid"], statement)
        if (rest := {**known, "Resource": ""}) != {**statement, "Resource": ""}:
            raise ValueError(f"Two statements are named {statement['Sid']} and differ: {rest}. Name one otherwise.")
        resources = [*_listed(known["Resource"]), *_listed(statement["Resource"])]
        each = [one for number, one in enumerate(resources) if one not in resources[:number]]
        joined[statement["Sid"]] = known | {"Resource": each if len(each) > 1 else each[0]}
    return list(joined.values())


def _listed(resources: Arn | Sequence[Arn]) -> list[Arn]:
    return [resources] if isinstance(resources, str | dict) else list(resources)


def _partition(region: str) -> str:
    """Return the partition of a region; one that is known only when the stack is deployed is taken to be AWS's first.

    The CDK's own RegionInfo takes 40 ms to say it.
    """
    return next((partition for prefix, partition in _PARTITIONS.items() if region.startswith(prefix)), "aws")
