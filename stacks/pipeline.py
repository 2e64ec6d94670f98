"""One pipeline: what trains its model, deploys it and watches it."""

from pathlib import Path

import aws_cdk as cdk
from constructs import Construct

from penstock.spec import Pipeline
from penstock.spec.image import image_tag
from penstock.spec.metrics import METRICS, training_hyperparameters
from penstock_constructs.alarms import Alarms
from penstock_constructs.failure_rule import FailureRule
from penstock_constructs.hook import Hook, HookCode
from penstock_constructs.log_group import log_group
from penstock_constructs.policy import arn
from penstock_constructs.resource import arn_of
from penstock_constructs.role import Role
from penstock_constructs.steps.endpoint import deploy_endpoint
from penstock_constructs.steps.endpoint_config import create_endpoint_config
from penstock_constructs.steps.gate import gate
from penstock_constructs.steps.model import create_model
from penstock_constructs.steps.prepare import prepare
from penstock_constructs.steps.publish import publish
from penstock_constructs.steps.smoke_test import smoke_test
from penstock_constructs.steps.step import Step
from penstock_constructs.steps.train import train
from penstock_constructs.workflow import Workflow
from stacks import grants
from stacks.platform import PlatformStack
from stacks.synthesizer import synthesizer

_VARIANT = "main"
_MINUTE = 60


class PipelineStack(cdk.Stack):
    """A pipeline's state machine, with its hooks, roles and alarms; `root` is the project's folder.

    The endpoint is in no stack: the state machine makes it, under the pipeline's own name.
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
    ) -> None:
        self._name = f"{environment}-{pipeline.name}"
        self._tags = {"penstock:environment": environment, "penstock:pipeline": pipeline.name}
        super().__init__(scope, construct_id, stack_name=self._name, synthesizer=synthesizer(), tags=self._tags)
        self.add_stack_dependency(platform, "its repositories have the images")
        self._pipeline = pipeline
        self._platform = platform
        self._runs = f"{pipeline.name}/runs"
        self._repository = f"{environment}-{pipeline.train.container}"
        poll = cdk.CfnParameter(
            self,
            "PollSeconds",
            type="Number",
            default=15,
            min_value=1,
            max_value=300,
            description="Seconds between two looks at the endpoint",
        )
        code = HookCode(self, "HookCode", folder=root / "lambda")
        hooks = [self._prepare_hook(code), self._smoke_test_hook(code), self._after_failure_hook(code)]
        role = self._execution_role()
        image = self._image(root / "containers" / pipeline.train.container)
        deploying = self._deploying(hooks[1], role, image, cdk.Token.as_string(poll.value))
        training = self._training(hooks[0], role, image, then=deploying[0].first)
        workflow = Workflow(
            self,
            "Workflow",
            name=self._name,
            steps=[*training, *deploying],
            timeout_seconds=pipeline.timeout_minutes * _MINUTE,
        )
        FailureRule(self, "FailureRule", workflow=workflow, hook=hooks[2])
        Alarms(
            self,
            "Alarms",
            topic=platform.topic,
            workflow=workflow,
            hooks=hooks,
            endpoint=self._name,
            variant=_VARIANT,
            latency_p99_ms=pipeline.alarms.latency_p99_ms,
            errors_percent=pipeline.alarms.errors_percent,
        )
        cdk.CfnOutput(self, "StateMachineArn", value=workflow.arn)
        cdk.CfnOutput(self, "EndpointName", value=self._name)
        cdk.CfnOutput(self, "TrainingImage", value=image)

    def _prepare_hook(self, code: HookCode) -> Hook:
        pipeline, platform = self._pipeline, self._platform
        return Hook(
            self,
            "Prepare",
            name=f"{self._name}-prepare",
            handler="hooks.prepare.handler",
            code=code,
            timeout_seconds=15 * _MINUTE,  # Lambda's longest: it copies the data
            memory_mb=512,
            environment={
                "DATA_BUCKET": platform.data.name,
                "ARTEFACT_BUCKET": platform.artefacts.name,
                "PIPELINE": pipeline.name,
            },
            statements=grants.to_prepare(
                runs=self._runs, data=platform.data, artefacts=platform.artefacts, key=platform.key
            ),
        )

    def _smoke_test_hook(self, code: HookCode) -> Hook:
        return Hook(
            self,
            "SmokeTest",
            name=f"{self._name}-smoke-test",
            handler="hooks.smoke_test.handler",
            code=code,
            timeout_seconds=2 * _MINUTE,
            statements=grants.to_smoke_test(endpoint=self._name),
        )

    def _after_failure_hook(self, code: HookCode) -> Hook:
        topic, key = self._platform.topic, self._platform.key
        return Hook(
            self,
            "AfterFailure",
            name=f"{self._name}-after-failure",
            handler="hooks.after_failure.handler",
            code=code,
            timeout_seconds=_MINUTE,
            environment={"TOPIC_ARN": topic.arn, "ENDPOINT": self._name},
            statements=grants.to_report_failures(machine=self._name, endpoint=self._name, topic=topic, key=key),
            undelivered=topic,
        )

    def _execution_role(self) -> Role:
        platform = self._platform
        logs = log_group(self, "EndpointLogs", name=f"/aws/sagemaker/Endpoints/{self._name}")
        return Role(
            self,
            "ExecutionRole",
            name=f"{self._name}-execution",
            service="sagemaker",
            source_arn=arn("sagemaker", "*"),
            statements=grants.to_train_and_serve(
                runs=self._runs,
                artefacts=platform.artefacts,
                key=platform.key,
                repository=self._repository,
                endpoint_logs=arn_of(logs),
            ),
            unscoped=grants.to_train_and_serve_unscoped(),
            unscoped_reason="ECR's log-in and CloudWatch's metrics have no resources.",
        )

    def _image(self, container: Path) -> str:
        """Return the URI of the image that is built from the container's folder as it is now."""
        registry = "${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}"
        return cdk.Fn.sub(f"{registry}/{self._repository}:{image_tag(container)}")

    def _training(self, hook: Hook, role: Role, image: str, *, then: str) -> list[Step]:
        """Return the steps from the input to a model that is good enough."""
        spec = self._pipeline
        gates = [gate(**dict(spec.gate), then=then)] if spec.gate else []
        training = train(
            name=self._name,
            image=image,
            role=role,
            key=self._platform.key,
            metrics=[*METRICS[spec.problem], "rows_train", "rows_test"],
            volume_gb=spec.train.volume_gb,
            max_runtime_seconds=spec.train.max_runtime_minutes * _MINUTE,
            tags=self._tags,
            then=gates[0].first if gates else then,
        )
        defaults = {
            "hyperparameters": training_hyperparameters(spec),
            "instance_types": {"train": spec.train.instance_type, "deploy": spec.deploy.instance_type},
        }
        return [prepare(hook=hook, defaults=defaults, then=training.first), training, *gates]

    def _deploying(self, hook: Hook, role: Role, image: str, poll_seconds: str) -> list[Step]:
        """Return the steps from there to an endpoint that serves it; made from the last, as each names the next."""
        spec, platform, name, tags = self._pipeline, self._platform, self._name, self._tags
        telling = publish(topic=platform.topic, key=platform.key, endpoint=name)
        testing = smoke_test(
            hook=hook,
            endpoint=name,
            rows=spec.smoke_rows,
            numbers=spec.problem == "regression",
            minimum=spec.smoke_test.minimum,
            maximum=spec.smoke_test.maximum,
            then=telling.first,
        )
        deploying = deploy_endpoint(
            endpoint=name, poll_seconds=poll_seconds, key=platform.key, tags=tags, then=testing.first
        )
        configuring = create_endpoint_config(
            name=name,
            variant=_VARIANT,
            instance_count=spec.deploy.instance_count,
            key=platform.key,
            tags=tags,
            then=deploying.first,
        )
        modelling = create_model(name=name, image=image, role=role, tags=tags, then=configuring.first)
        return [modelling, configuring, deploying, testing, telling]
