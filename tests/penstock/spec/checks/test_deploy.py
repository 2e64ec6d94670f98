from collections.abc import Callable
from pathlib import Path

import pytest

from penstock.errors import SpecError
from penstock.spec import load_project

Mistakes = Callable[..., list[str]]
FILE = "pipelines/bigmart/pipeline.yaml"
DEPLOY = "deploy: {instance_type: ml.m5.large}"
VPC = "vpc: {subnets: [subnet-0123456789abcdef0], security_groups: [sg-0123456789abcdef0]}"


def test_serverless_endpoint_is_in_no_vpc(project: Path) -> None:
    path = project / FILE
    path.write_text(path.read_text().replace(DEPLOY, "deploy: {kind: serverless}"))
    (project / "environments.yaml").write_text(f"dev: {{}}\nprod:\n  {VPC}\n")

    with pytest.raises(SpecError) as caught:
        load_project(project)

    assert str(caught.value).splitlines()[:-1] == [
        f"{FILE}:12:16  deploy.kind: serverless endpoints are in no VPC, and prod.vpc in environments.yaml names one.",
        "    Choose another kind, or deploy to environments without a VPC.",
    ]


@pytest.mark.parametrize(
    ("kind", "deploy"),
    [
        ("realtime", "{instances: {minimum: 2, maximum: 4}, rollout: {kind: canary, percent: 50}, capture_percent: 5}"),
        ("realtime", "{instance_count: 2, rollout: {kind: linear, percent: 25, bake_minutes: 10}}"),
        ("realtime", "{ab: {percent: 5}, rollout: {bake_minutes: 1}}"),
        ("realtime", "{shadow: {}}"),
        ("serverless", "{kind: serverless, memory_mb: 6144, max_concurrency: 200}"),
        ("async", "{kind: async, instances: {minimum: 1, maximum: 1}, max_concurrent_per_instance: 4}"),
        ("batch", "{kind: batch, batch: {instance_count: 3, join: false}}"),
    ],
)
def test_what_goes_together(project: Path, kind: str, deploy: str) -> None:
    path = project / FILE
    path.write_text(path.read_text().replace(DEPLOY, f"deploy: {deploy}"))

    assert load_project(project).pipelines["bigmart"].deploy.kind == kind


def test_endpoints_of_other_kinds_may_be_in_a_vpc(project: Path) -> None:
    (project / "environments.yaml").write_text(f"dev:\n  {VPC}\n")

    assert load_project(project).environments["dev"].vpc is not None


def test_batch_needs_no_smoke_test(project: Path) -> None:
    path = project / FILE
    text = path.read_text().replace(DEPLOY, "deploy: {kind: batch}")
    path.write_text(text.replace("smoke_test: {file: smoke.csv, minimum: 0, maximum: 14000}\n", ""))

    pipeline = load_project(project).pipelines["bigmart"]

    assert (pipeline.smoke_test, pipeline.smoke_rows) == (None, ())
