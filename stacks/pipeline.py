"""One pipeline: what trains its model, deploys it and watches it."""

from pathlib import Path

import aws_cdk as cdk
from constructs import Construct

from penstock.spec import Pipeline
from penstock.spec.environment import Vpc
from penstock_constructs.alarm import Alarm
from penstock_constructs.alarms import EndpointAlarms, RunAlarms
from penstock_constructs.failure_rule import FailureRule
from penstock_constructs.log_group import log_group
from penstock_constructs.policy import arn
from penstock_constructs.resource import arn_of
from penstock_constructs.role import Role
from penstock_constructs.steps.step import Machine
from penstock_constructs.workflow import Workflow
from stacks import grants, grants_deploying
from stacks.pipeline_deploying import variants
from stacks.pipeline_hooks import PipelineHooks
from stacks.pipeline_jobs import PipelineJobs
from stacks.pipeline_parts import Parts
from stacks.pipeline_steps import pipeline_steps
from stacks.platform import PlatformStack
from stacks.synthesizer import synthesizer

_MINUTE = 60


class PipelineStack(cdk.Stack):
    """A pipeline's state machine, with its hooks, roles and alarms; `root` is the project's folder.

    The endpoint is in no stack: the state machine makes it, under the pipeline's own name. Jobs and endpoints are in
    the network `vpc`, if there is one.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        root: Path,
        environment: str,
        pipeline: Pipeline,
        platform: PlatformStack,
        vpc: Vpc | None = None,
    ) -> None:
        self._name = f"{environment}-{pipeline.name}"
        self._tags = {"penstock:environment": environment, "penstock:pipeline": pipeline.name}
        super().__init__(scope, construct_id, stack_name=self._name, synthesizer=synthesizer(), tags=self._tags)
        self.add_stack_dependency(platform, "its repositories have the images")
        self._pipeline = pipeline
        self._platform = platform
        poll = cdk.CfnParameter(
            self,
            "PollSeconds",
            type="Number",
            default=15,
            min_value=1,
            max_value=300,
            description="Seconds between two looks at the endpoint, or at its lock",
        )
        jobs = PipelineJobs(self, "Jobs", root=root, environment=environment, pipeline=pipeline, vpc=vpc)
        alarms = self._endpoint_alarms()
        hooks = PipelineHooks(
            self,
            "Hooks",
            root=root,
            environment=environment,
            pipeline=pipeline,
            platform=platform,
        )
        role = self._execution_role(jobs, alarms, own_network=vpc is not None)
        machine = Machine(self._name, role, platform.key, self._tags)
        steps = pipeline_steps(Parts(pipeline, platform, machine, hooks, jobs, alarms, cdk.Token.as_string(poll.value)))
        seconds = pipeline.timeout_minutes * _MINUTE
        workflow = Workflow(self, "Workflow", name=self._name, steps=steps, timeout_seconds=seconds)
        FailureRule(self, "FailureRule", workflow=workflow, hook=hooks.after_failure(alarms))
        RunAlarms(self, "Alarms", topic=platform.topic, workflow=workflow, hooks=hooks.all)
        cdk.CfnOutput(self, "StateMachineArn", value=workflow.arn)
        cdk.CfnOutput(self, "TrainingImage", value=jobs.training_image)
        if variants(pipeline.deploy):
            cdk.CfnOutput(self, "EndpointName", value=self._name)

    def _endpoint_alarms(self) -> list[Alarm]:
        """Return the alarms on each variant that answers; a shadow's answers reach nobody."""
        made = [
            EndpointAlarms(
                self,
                f"{variant.capitalize()}Alarms",
                topic=self._platform.topic,
                endpoint=self._name,
                variant=variant,
                latency_p99_ms=self._pipeline.alarms.latency_p99_ms,
                errors_percent=self._pipeline.alarms.errors_percent,
            )
            for variant in variants(self._pipeline.deploy)
        ]
        return [alarm for one in made for alarm in (one.errors, one.latency)]

    def _execution_role(self, jobs: PipelineJobs, alarms: list[Alarm], *, own_network: bool) -> Role:
        name, platform = self._pipeline.name, self._platform
        logs, serving = [], []
        if alarms:
            logs = [arn_of(log_group(self, "EndpointLogs", name=f"/aws/sagemaker/Endpoints/{self._name}"))]
            serving = grants_deploying.to_serve(
                folder=name, artefacts=platform.artefacts, alarms=alarms, deploy=self._pipeline.deploy
            )
        return Role(
            self,
            "ExecutionRole",
            name=f"{self._name}-execution",
            service="sagemaker",
            source_arn=arn("sagemaker", "*"),
            statements=[
                *grants.to_train_and_serve(
                    runs=f"{name}/runs",
                    artefacts=platform.artefacts,
                    key=platform.key,
                    repositories=jobs.image_repositories,
                    logs=logs,
                ),
                *grants.to_read_assets(
                    bucket=jobs.files[0].s3_bucket_name, keys=[file.s3_object_key for file in jobs.files]
                ),
                *serving,
            ],
            unscoped=grants.to_train_and_serve_unscoped(own_network=own_network),
            unscoped_reason="ECR's log-in, CloudWatch's metrics and networks have no resources.",
        )
