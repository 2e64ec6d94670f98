"""How each grant is missed."""

from collections.abc import Mapping
from dataclasses import dataclass

from mutation import scenarios
from mutation.grants import Grant
from mutation.scenarios import Scenario


@dataclass(frozen=True)
class Case:
    """A scenario, and what is missing in what can be seen of it; without that, it fails with a denial."""

    scenario: Scenario
    lost: str = ""


_UPDATE = Case(scenarios.update)
_REPORT = Case(scenarios.failed_job)
_TRACES = ("PutTraceSegments", "PutTelemetryRecords")
_OTHERS: Mapping[tuple[str, str, str], Case] = {
    ("workflow", "TrainJob", "sagemaker:StopTrainingJob"): Case(scenarios.stopped),
    ("workflow", "EndpointDeploy", "sagemaker:CreateEndpoint"): Case(scenarios.first),
    ("workflow", "Endpoint", "sagemaker:AddTags"): Case(scenarios.first),
    ("workflow", "Endpoint", "sagemaker:DeleteEndpoint"): Case(scenarios.after_failed_endpoint),
    ("prepare", "RecordVersions", "s3:GetObject"): Case(scenarios.pinned_before),
    ("prepare", "Log", "logs:CreateLogStream"): Case(scenarios.renewed, lost="log of prepare"),
    ("prepare", "Log", "logs:PutLogEvents"): Case(scenarios.update, lost="log of prepare"),
    ("smoke-test", "Log", "logs:CreateLogStream"): Case(scenarios.renewed, lost="log of smoke-test"),
    ("smoke-test", "Log", "logs:PutLogEvents"): Case(scenarios.update, lost="log of smoke-test"),
    ("after-failure", "Log", "logs:CreateLogStream"): Case(scenarios.renewed, lost="log of after-failure"),
    ("after-failure", "Log", "logs:PutLogEvents"): Case(scenarios.failed_job, lost="log of after-failure"),
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
    if grant.statement in {"DeliverLogs", "TrainEvents"}:
        return Case(scenarios.changed)
    return _OTHERS.get((grant.role, grant.statement, grant.action), usual)
