"""Alarms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from constructs import Construct

from penstock_constructs.hook import Hook
from penstock_constructs.resource import resource
from penstock_constructs.topic import Topic
from penstock_constructs.workflow import Workflow

_PERIOD_SECONDS = 300
_MICROSECONDS = 1000  # in a millisecond: SageMaker reports latency in microseconds


@dataclass(frozen=True)
class Metric:
    """A CloudWatch metric, over five minutes."""

    namespace: str
    name: str
    dimensions: Mapping[str, str]
    statistic: str = "Sum"


class Alarms(Construct):
    """The alarms of one pipeline, all to one topic: on its executions, its hooks, its endpoint.

    No data is no alarm: an endpoint that nobody calls has no error rate.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        topic: Topic,
        workflow: Workflow,
        hooks: Sequence[Hook],
        endpoint: str,
        variant: str,
        latency_p99_ms: float,
        errors_percent: float,
    ) -> None:
        super().__init__(scope, construct_id)
        self._topic = topic
        self._on_executions(workflow)
        self._on_hooks(workflow, hooks)
        self._on_endpoint(endpoint, variant, latency_p99_ms, errors_percent)

    def _on_executions(self, workflow: Workflow) -> None:
        machine = {"StateMachineArn": workflow.arn}
        self._alarm(
            "ExecutionsFailed",
            f"An execution of {workflow.name} failed. The failure's report says at which state, and what to do.",
            "executions",
            {"executions": Metric("AWS/States", "ExecutionsFailed", machine)},
        )
        self._alarm(
            "ExecutionsTimedOut",
            f"An execution of {workflow.name} took longer than timeout_minutes in its pipeline.yaml.",
            "executions",
            {"executions": Metric("AWS/States", "ExecutionsTimedOut", machine)},
        )

    def _on_hooks(self, workflow: Workflow, hooks: Sequence[Hook]) -> None:
        errors = {
            f"errors{number}": Metric("AWS/Lambda", "Errors", {"FunctionName": hook.name})
            for number, hook in enumerate(hooks, start=1)
        }
        self._alarm(
            "HookErrors",
            f"A hook of {workflow.name} raised an error. Its log group, under /aws/lambda/{workflow.name}-, has it.",
            f"SUM([{', '.join(errors)}])",
            errors,
        )

    def _on_endpoint(self, endpoint: str, variant: str, latency_p99_ms: float, errors_percent: float) -> None:
        served = {"EndpointName": endpoint, "VariantName": variant}
        self._alarm(
            "EndpointErrors",
            f"More than {errors_percent:g} % of the requests to endpoint {endpoint} were answered with a 5xx error.",
            "IF(invocations > 0, 100 * errors / invocations, 0)",
            {
                "errors": Metric("AWS/SageMaker", "Invocation5XXErrors", served),
                "invocations": Metric("AWS/SageMaker", "Invocations", served),
            },
            threshold=errors_percent,
        )
        self._alarm(
            "EndpointLatency",
            f"The slowest 1 % of the requests to endpoint {endpoint} took its model more than {latency_p99_ms:g} ms.",
            "latency",
            {"latency": Metric("AWS/SageMaker", "ModelLatency", served, statistic="p99")},
            threshold=latency_p99_ms * _MICROSECONDS,
        )

    def _alarm(
        self,
        name: str,
        description: str,
        expression: str,
        metrics: Mapping[str, Metric],
        *,
        threshold: float = 0,
    ) -> None:
        """Make an alarm on `expression`, of the metrics by their keys, being above `threshold` for one period."""
        result = {"Id": "result", "Expression": expression, "Label": name, "ReturnData": True}
        resource(
            self,
            name,
            "AWS::CloudWatch::Alarm",
            {
                "AlarmDescription": description,
                "AlarmActions": [self._topic.arn],
                "Metrics": [result, *(_query(key, metric) for key, metric in metrics.items())],
                "ComparisonOperator": "GreaterThanThreshold",
                "Threshold": threshold,
                "EvaluationPeriods": 1,
                "TreatMissingData": "notBreaching",
            },
        )


def _query(key: str, metric: Metric) -> dict[str, Any]:
    dimensions = [{"Name": name, "Value": value} for name, value in metric.dimensions.items()]
    named = {"Namespace": metric.namespace, "MetricName": metric.name, "Dimensions": dimensions}
    return {
        "Id": key,
        "ReturnData": False,
        "MetricStat": {"Metric": named, "Period": _PERIOD_SECONDS, "Stat": metric.statistic},
    }
