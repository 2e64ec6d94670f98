"""The hooks of a pipeline: a function, with a role of its own, for each state that needs code."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from constructs import Construct

from penstock.spec import Pipeline
from penstock_constructs.alarm import Alarm
from penstock_constructs.hook import Hook, HookCode
from penstock_constructs.steps.tune import tuning_prefix
from stacks import grants, grants_deploying
from stacks.platform import PlatformStack

_MINUTE = 60


class PipelineHooks(Construct):
    """The hooks, each made when a step needs it, and with a role of its own: none may do what another does."""

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
        super().__init__(scope, construct_id)
        self.all: list[Hook] = []
        self._name = f"{environment}-{pipeline.name}"
        self._platform = platform
        self._runs = f"{pipeline.name}/runs"
        # A tuning job's name is shorter than others, and its training jobs are named after it.
        self._jobs = sorted({self._name, *([tuning_prefix(self._name)] if pipeline.tune else [])})
        self._kind = pipeline.deploy.kind
        self._stage = environment
        self._environment = {"NAME": self._name, "PIPELINE": pipeline.name, "KIND": self._kind}
        self._code = HookCode(self, "Code", folder=root / "lambda")

    def _hook(self, construct_id: str, handler: str, **properties: Any) -> Hook:
        name = f"{self._name}-{handler.replace('_', '-')}"
        hook = Hook(self, construct_id, name=name, handler=f"hooks.{handler}.handler", code=self._code, **properties)
        self.all.append(hook)
        return hook

    def _buckets(self) -> Mapping[str, str]:
        return {"DATA_BUCKET": self._platform.data.name, "ARTEFACT_BUCKET": self._platform.artefacts.name}

    def prepare(self) -> Hook:
        """Make the hook of the state Prepare."""
        platform = self._platform
        return self._hook(
            "Prepare",
            "prepare",
            timeout_seconds=15 * _MINUTE,  # Lambda's longest: it copies the data
            memory_mb=512,
            environment={**self._environment, **self._buckets()},
            statements=grants.to_prepare(
                name=self._name,
                runs=self._runs,
                data=platform.data,
                artefacts=platform.artefacts,
                key=platform.key,
                batch=self._kind == "batch",
            ),
        )

    def find_champion(self) -> Hook:
        """Make the hook of the state Find champion."""
        artefacts = self._platform.artefacts
        return self._hook(
            "FindChampion",
            "find_champion",
            timeout_seconds=_MINUTE,
            environment={**self._environment, "ARTEFACT_BUCKET": artefacts.name},
            statements=grants.to_find_champion(
                name=self._name, runs=self._runs, artefacts=artefacts, batch=self._kind == "batch"
            ),
        )

    def gate(self) -> Hook:
        """Make the hook of the state Gate."""
        platform = self._platform
        statements = grants.to_judge(runs=self._runs, artefacts=platform.artefacts, key=platform.key)
        return self._hook("Gate", "gate", timeout_seconds=_MINUTE, statements=statements)

    def ask_approval(self) -> Hook:
        """Make the hook of the state Ask for approval."""
        platform = self._platform
        return self._hook(
            "AskApproval",
            "ask_approval",
            timeout_seconds=_MINUTE,
            environment={
                **self._environment,
                "TABLE": platform.deployments.name,
                "TOPIC_ARN": platform.topic.arn,
            },
            statements=grants.to_ask_approval(
                endpoint=self._name, table=platform.deployments, topic=platform.topic, key=platform.key
            ),
        )

    def smoke_test(self) -> Hook:
        """Make the hook of the state Smoke test."""
        statements = grants_deploying.to_smoke_test(endpoint=self._name)
        if self._kind == "async":
            platform, folder = self._platform, self._environment["PIPELINE"]
            statements = grants_deploying.to_smoke_test_asynchronously(
                endpoint=self._name, folder=folder, artefacts=platform.artefacts, key=platform.key
            )
        return self._hook("SmokeTest", "smoke_test", timeout_seconds=5 * _MINUTE, statements=statements)

    def tidy(self, repositories: Sequence[str]) -> Hook:
        """Make the hook of the state Tidy; `repositories` have the images of the pipeline."""
        return self._hook(
            "Tidy",
            "tidy",
            timeout_seconds=5 * _MINUTE,
            environment={
                **self._environment,
                "ENVIRONMENT": self._stage,
                "ARTEFACT_BUCKET": self._platform.artefacts.name,
            },
            statements=grants_deploying.to_tidy(
                name=self._name,
                environment=self._stage,
                runs=self._runs,
                artefacts=self._platform.artefacts,
                repositories=repositories,
            ),
            unscoped=grants_deploying.to_tidy_unscoped(),
        )

    def after_failure(self, alarms: Sequence[Alarm]) -> Hook:
        """Make the hook that is run when an execution did not succeed; `alarms` are those of its endpoint."""
        platform = self._platform
        return self._hook(
            "AfterFailure",
            "after_failure",
            timeout_seconds=_MINUTE,
            environment={
                **self._environment,
                "ENDPOINT": self._name if self._kind != "batch" else "",
                "ALARMS": ",".join(alarm.name for alarm in alarms),
                "ARTEFACT_BUCKET": platform.artefacts.name,
                "TABLE": platform.deployments.name,
                "TOPIC_ARN": platform.topic.arn,
            },
            statements=grants_deploying.to_report_failures(
                name=self._name, jobs=self._jobs, runs=self._runs, platform=platform, alarms=alarms
            ),
            undelivered=platform.topic,
        )
