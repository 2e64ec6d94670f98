"""Synthesises the stacks of every environment: a platform, and each pipeline on it."""

import sys
from pathlib import Path

import aws_cdk as cdk

from penstock.errors import SpecError
from penstock.spec import load_project
from stacks.pipeline import PipelineStack
from stacks.platform import PlatformStack


def synthesise(root: Path) -> None:
    """Write the cloud assembly of the project in `root`."""
    project = load_project(root)
    containers = sorted(dockerfile.parent.name for dockerfile in root.glob("containers/*/Dockerfile"))
    app = cdk.App(
        analytics_reporting=False,
        stack_traces=False,
        tree_metadata=False,
        context={"@aws-cdk/core:defaultCrossStackReferences": "strong"},
    )
    for name, environment in project.environments.items():
        stage = cdk.Stage(app, name, env=cdk.Environment(account=environment.account, region=environment.region))
        platform = PlatformStack(stage, "platform", environment=name, containers=containers, emails=environment.notify)
        for pipeline in project.pipelines.values():
            PipelineStack(
                stage,
                pipeline.name,
                root=root,
                environment=name,
                pipeline=pipeline,
                platform=platform,
                vpc=environment.vpc,
            )
    app.synth()


if __name__ == "__main__":
    try:
        synthesise(Path(__file__).parent)
    except SpecError as error:
        sys.exit(str(error))
