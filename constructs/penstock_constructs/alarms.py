"""The alarms of a pipeline."""

from collections.abc import Sequence

from constructs import Construct

from penstock_constructs.alarm import Alarm, Metric, Watch
from penstock_constructs.hook import Hook
from penstock_constructs.topic import Topic
from penstock_constructs.workflow import Workflow

_MICROSECONDS = 1000  # in a millisecond: SageMaker reports latency in microseconds
_MINUTE = 60


class RunAlarms(Construct):
    """The alarms on a pipeline's executions and on its hooks, all to one topic."""

    def __init__(
        self, scope: Construct, construct_id: str, *, topic: Topic, workflow: Workflow, hooks: Sequence[Hook]
    ) -> None:
        super().__init__(scope, construct_id)
        machine = {"StateMachineArn": workflow.arn}
        Alarm(
            self,
            "ExecutionsFailed",
            description=(
                f"An execution of {workflow.name} failed. The failure's report says at which state, and what to do."
            ),
            expression="executions",
            metrics={"executions": Metric("AWS/States", "ExecutionsFailed", machine)},
            watch=Watch(),
            topic=topic,
        )
        Alarm(
            self,
            "ExecutionsTimedOut",
            description=f"An execution of {workflow.name} took longer than timeout_minutes in its pipeline.yaml.",
            expression="executions",
            metrics={"executions": Metric("AWS/States", "ExecutionsTimedOut", machine)},
            watch=Watch(),
            topic=topic,
        )
        errors = {
            f"errors{number}": Metric("AWS/Lambda", "Errors", {"FunctionName": hook.name})
            for number, hook in enumerate(hooks, start=1)
        }
        Alarm(
            self,
            "HookErrors",
            description=(
                f"A hook of {workflow.name} raised an error. Its log group, under /aws/lambda/{workflow.name}-, has it."
            ),
            expression=f"SUM([{', '.join(errors)}])",
            metrics=errors,
            watch=Watch(),
            topic=topic,
        )


class EndpointAlarms(Construct):
    """The alarms on one variant of an endpoint, to one topic; a rollout that sets them off is taken back.

    They look at single minutes, as a rollout is watched for a few of them. A few slow answers are no reason to take a
    model back, so the latency has three.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        topic: Topic,
        endpoint: str,
        variant: str,
        latency_p99_ms: float,
        errors_percent: float,
    ) -> None:
        super().__init__(scope, construct_id)
        served = {"EndpointName": endpoint, "VariantName": variant}
        where = f"variant {variant} of endpoint {endpoint}"
        self.errors = Alarm(
            self,
            "EndpointErrors",
            description=f"More than {errors_percent:g} % of the requests to {where} were answered with a 5xx error.",
            expression="IF(invocations > 0, 100 * errors / invocations, 0)",
            metrics={
                "errors": Metric("AWS/SageMaker", "Invocation5XXErrors", served),
                "invocations": Metric("AWS/SageMaker", "Invocations", served),
            },
            watch=Watch(errors_percent, period_seconds=_MINUTE),
            topic=topic,
        )
        self.latency = Alarm(
            self,
            "EndpointLatency",
            description=(
                f"The slowest 1 % of the requests to {where} took its model more than {latency_p99_ms:g} ms,"
                " three minutes running."
            ),
            expression="latency",
            metrics={"latency": Metric("AWS/SageMaker", "ModelLatency", served, statistic="p99")},
            watch=Watch(latency_p99_ms * _MICROSECONDS, period_seconds=_MINUTE, periods=3),
            topic=topic,
        )
