"""A deployment of the real stacks that fails, wherever it does, leaves exactly what was there before."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from penstock.errors import DeployError
from penstock.local.deploy.assets import bootstrap
from penstock.local.deploy.deployer import Deployer
from penstock.local.store import Store

PARAMETERS = {"PollSeconds": "1"}
Inventory = Callable[[], dict[str, Any]]


def _copied(assembly: Path, copy: Path, change: Callable[[str, dict[str, Any]], None]) -> Path:
    shutil.copytree(assembly, copy, symlinks=True)
    for file in (copy / "assembly-dev").glob("*.template.json"):
        # moto's S3 without the gateway's overlay knows a principal of everyone in this form only.
        template = json.loads(file.read_text().replace('"Principal": "*"', '"Principal": {"AWS": "*"}'))
        for resource in template["Resources"].values():
            change(resource["Type"], resource["Properties"])
        file.write_text(json.dumps(template))
    return copy


@pytest.fixture
def stacks(assembly: Path, tmp_path: Path) -> Path:
    """The project's own stacks."""
    return _copied(assembly, tmp_path / "cdk.out", lambda *_: None)


def _without_pipelines(stacks: Path) -> Path:
    """The platform's stack alone."""
    copy = stacks.with_name("platform.out")
    shutil.copytree(stacks, copy, symlinks=True)
    path = copy / "assembly-dev" / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["artifacts"] = {
        name: entry for name, entry in manifest["artifacts"].items() if entry.get("displayName") != "dev/bigmart"
    }
    path.write_text(json.dumps(manifest))
    return copy


@pytest.fixture
def changed(assembly: Path, tmp_path: Path) -> Path:
    """The project's stacks with something changed in each of their resources, and in the stacks' tags."""
    copy = _copied(assembly, tmp_path / "changed.out", _change)
    manifest = copy / "assembly-dev" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"penstock:environment": "dev"', '"owner": "ml"'))
    return copy


def _change(kind: str, properties: dict[str, Any]) -> None:
    properties.update(CHANGED.get(kind, {}))
    for name in ("AssumeRolePolicyDocument", "KeyPolicy", "PolicyDocument"):
        if name in properties:
            properties[name]["Statement"][0]["Sid"] = "Changed"
    if kind == "AWS::ECR::Repository":
        text = properties["LifecyclePolicy"]["LifecyclePolicyText"]
        properties["LifecyclePolicy"]["LifecyclePolicyText"] = text.replace("untagged", "any")
    if kind == "AWS::Events::Rule":
        properties["Targets"][0]["RetryPolicy"] = {"MaximumRetryAttempts": 1}


CHANGED: dict[str, dict[str, Any]] = {
    "AWS::CloudWatch::Alarm": {"Threshold": 7},
    "AWS::ECR::Repository": {"ImageTagMutability": "MUTABLE"},
    "AWS::Events::Rule": {"Description": "Changed"},
    "AWS::IAM::Role": {"MaxSessionDuration": 7200},
    "AWS::KMS::Key": {"Description": "Changed"},
    "AWS::Lambda::Function": {"Timeout": 77},
    "AWS::Lambda::Permission": {"Action": "lambda:InvokeFunctionUrl"},
    "AWS::Logs::LogGroup": {"RetentionInDays": 1},
    "AWS::S3::Bucket": {
        "NotificationConfiguration": {"EventBridgeConfiguration": {}},
        "VersioningConfiguration": {"Status": "Suspended"},
    },
    "AWS::SNS::Topic": {"DisplayName": "Changed"},
    "AWS::StepFunctions::StateMachine": {"TracingConfiguration": {"Enabled": False}},
}
# Every call in turn takes minutes; `STRIDE=1 pytest …` does.
STRIDE = int(os.environ.get("STRIDE", "122"))


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("stack", ["dev-platform", "dev-bigmart"])
def test_wherever_it_fails_nothing_is_left_of_a_new_stack(
    account: Any, stacks: Path, trouble: Any, inventory: Inventory, stack: str, *, after: bool
) -> None:
    deployer = Deployer(clients=account.clients, store=Store())
    bootstrap(account.clients)
    platform = _without_pipelines(stacks)
    if stack == "dev-bigmart":
        deployer.deploy(platform, "dev", PARAMETERS)
    before, number = inventory(), 12 if after else 1
    while fails(deployer, platform if stack == "dev-platform" else stacks, trouble, number, after=after):
        assert inventory() == before, number
        number += STRIDE
    assert number > 30
    assert inventory() != before


@pytest.mark.parametrize("after", [False, True])
def test_wherever_it_fails_a_deployed_stack_is_as_it_was(
    account: Any, stacks: Path, changed: Path, trouble: Any, inventory: Inventory, *, after: bool
) -> None:
    deployer = Deployer(clients=account.clients, store=Store())
    deployer.deploy(stacks, "dev", PARAMETERS)
    before, number = inventory(), 12 if after else 1
    while fails(deployer, changed, trouble, number, after=after):
        deployer.deploy(stacks, "dev", PARAMETERS)  # the platform, which the pipeline's failure leaves deployed
        assert inventory() == before, number
        number += STRIDE
    assert number > 80
    assert inventory() != before


def fails(deployer: Deployer, assembly: Path, trouble: Any, number: int, *, after: bool) -> bool:
    """Deploy with the call of a number failing; tell whether the deployment did (cleaning up is retried)."""
    trouble.at(number, after=after)
    problem = ""
    try:
        deployer.deploy(assembly, "dev", PARAMETERS)
    except DeployError as error:
        problem = str(error)
    trouble.at(0, after=False)
    assert "the way back failed" not in problem
    return bool(problem)
