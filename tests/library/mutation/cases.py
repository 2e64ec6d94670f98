"""How each grant is missed."""

from collections.abc import Mapping
from dataclasses import dataclass

from mutation import generations, scenarios
from mutation.grants import Grant
from mutation.scenarios import Scenario
from mutation.watching import HOOKS


@dataclass(frozen=True)
class Case:
    """A scenario, and what is missing in what can be seen of it; without that, it fails with a denial."""

    scenario: Scenario
    lost: str = ""


_UPDATE = Case(scenarios.update)
_REPORT = Case(scenarios.failed_job)
_FIRST = Case(scenarios.first)
_TRACES = ("PutTraceSegments", "PutTelemetryRecords")
_OTHERS: Mapping[tuple[str, str, str], Case] = {
    ("workflow", "ProcessingJobs", "sagemaker:StopProcessingJob"): Case(scenarios.stopped_processing),
    ("workflow", "TrainingJobs", "sagemaker:StopTrainingJob"): Case(scenarios.stopped),
    ("workflow", "Lock", "dynamodb:GetItem"): Case(generations.locked),
    ("workflow", "LockOwner", "states:DescribeExecution"): Case(generations.locked),
    ("workflow", "PackageGroup", "sagemaker:CreateModelPackageGroup"): Case(generations.first_generation),
    ("workflow", "PackageGroup", "sagemaker:AddTags"): Case(generations.first_generation),
    ("workflow", "EndpointDeploy", "sagemaker:CreateEndpoint"): _FIRST,
    ("workflow", "Endpoint", "sagemaker:AddTags"): _FIRST,
    ("workflow", "Endpoint", "sagemaker:DeleteEndpoint"): Case(scenarios.after_failed_endpoint),
    ("prepare", "RecordVersions", "s3:GetObject"): Case(scenarios.pinned_before),
    ("prepare", "KnownGeneration", "sagemaker:DescribeModelPackage"): Case(generations.known),
    ("tidy", "Configs", "sagemaker:DeleteEndpointConfig"): Case(generations.tidied),
    ("tidy", "Models", "sagemaker:DeleteModel"): Case(generations.tidied),
    ("tidy", "Packages", "sagemaker:DeleteModelPackage"): Case(generations.tidied),
    ("tidy", "RemoveData", "s3:DeleteObject"): Case(generations.abandoned_data),
    ("tidy", "Definitions", "states:DescribeStateMachine"): Case(generations.abandoned_image),
    ("tidy", "ListMachines", "states:ListStateMachines"): Case(generations.abandoned_image),
    ("tidy", "List", "sagemaker:ListModelPackageGroups"): Case(generations.abandoned_image),
    ("tidy", "Images", "ecr:BatchDeleteImage"): Case(generations.abandoned_image),
    ("tidy", "Scaling", "application-autoscaling:DeregisterScalableTarget"): Case(generations.scaled),
    ("tidy", "ScalingAlarms", "cloudwatch:DeleteAlarms"): Case(generations.scaled),
    ("after-failure", "ReadLogs", "logs:GetLogEvents"): Case(scenarios.failed_program),
    ("after-failure", "ReadAlarms", "cloudwatch:DescribeAlarms"): Case(scenarios.taken_back),
    ("after-failure", "Generations", "sagemaker:ListModelPackages"): Case(scenarios.taken_back),
    ("after-failure", "Withdraw", "sagemaker:DescribeModelPackage"): Case(scenarios.taken_back),
    ("after-failure", "Withdraw", "sagemaker:UpdateModelPackage"): Case(scenarios.taken_back),
    ("execution", "Log", "logs:CreateLogGroup"): Case(scenarios.renewed, lost="log of training"),
    ("execution", "Log", "logs:CreateLogStream"): Case(scenarios.update, lost="log of training"),
    ("execution", "Log", "logs:PutLogEvents"): Case(scenarios.update, lost="log of training"),
    ("execution", "Log", "logs:DescribeLogStreams"): Case(scenarios.update, lost="log of training"),
    ("execution", "PutMetrics", "cloudwatch:PutMetricData"): Case(scenarios.update, lost="metrics of training"),
}
_SAMPLING = ("GetSamplingRules", "GetSamplingTargets")


def of(grant: Grant) -> Case:
    """Return how a grant is missed."""
    usual = _REPORT if grant.role == "after-failure" else _UPDATE
    operation = grant.action.partition(":")[2]
    if grant.statement == "Trace":
        # Without an answer about sampling nothing is traced.
        lost = _TRACES[0] if operation in _SAMPLING else operation
        return Case(usual.scenario, lost=f"X-Ray took {lost} of {grant.role}")
    if grant.statement in {"DeliverLogs", "ProcessingJobEvents", "TrainingJobEvents"}:
        return Case(scenarios.changed)
    if grant.statement == "Log" and grant.role in HOOKS:
        scenario = scenarios.renewed if operation == "CreateLogStream" else usual.scenario
        return Case(scenario, lost=f"log of {grant.role}")
    return _OTHERS.get((grant.role, grant.statement, grant.action), usual)
