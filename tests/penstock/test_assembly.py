import json
from pathlib import Path
from typing import Any

import pytest

from penstock.assembly import FileAsset, read_stage
from penstock.errors import DeployError


def write(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))


def stack(name: str, *needs: str, environment: str = "aws://unknown-account/unknown-region") -> dict[str, Any]:
    return {
        "type": "aws:cloudformation:stack",
        "environment": environment,
        "properties": {"templateFile": f"{name}.template.json", "stackName": f"dev-{name}"},
        "dependencies": list(needs),
        "displayName": f"dev/{name}",
    }


@pytest.fixture
def assembly(tmp_path: Path) -> Path:
    """What the CDK writes for a stage of two stacks, the second with an asset."""
    properties = {"directoryName": "assembly-dev", "displayName": "dev"}
    stage = {"type": "cdk:cloud-assembly", "properties": properties}
    write(tmp_path / "manifest.json", {"artifacts": {"assembly-dev": stage, "Tree": {"type": "cdk:tree"}}})
    folder = tmp_path / "assembly-dev"
    artefacts = {
        "pipeline": stack("pipeline", "platform", "pipeline.assets"),
        "platform": stack("platform", environment="aws://111122223333/eu-west-1"),
        "pipeline.assets": {"type": "cdk:asset-manifest", "properties": {"file": "pipeline.assets.json"}},
    }
    write(folder / "manifest.json", {"artifacts": artefacts})
    write(folder / "pipeline.template.json", {"Resources": {"A": {}}})
    write(folder / "platform.template.json", {"Resources": {"B": {}}})
    write(tmp_path / "asset.1" / "hooks.json", {})
    destination = {"here": {"bucketName": "assets-${AWS::Region}", "objectKey": "1.zip"}}
    source = {"path": "../asset.1", "packaging": "zip"}
    write(folder / "pipeline.assets.json", {"files": {"1": {"source": source, "destinations": destination}}})
    return tmp_path


def manifest(assembly: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((assembly / "assembly-dev" / "manifest.json").read_text())
    return content


def test_stacks_come_after_those_that_they_depend_on(assembly: Path) -> None:
    platform, pipeline = read_stage(assembly, "dev")
    assert (platform.name, platform.template) == ("dev-platform", {"Resources": {"B": {}}})
    assert (pipeline.name, pipeline.template) == ("dev-pipeline", {"Resources": {"A": {}}})


def test_a_stack_has_its_environment_if_it_says_one(assembly: Path) -> None:
    platform, pipeline = read_stage(assembly, "dev")
    assert (platform.account, platform.region) == ("111122223333", "eu-west-1")
    assert (pipeline.account, pipeline.region) == (None, None)


def test_a_stack_has_its_file_assets(assembly: Path) -> None:
    platform, pipeline = read_stage(assembly, "dev")
    source = assembly / "assembly-dev" / ".." / "asset.1"
    assert pipeline.assets == (FileAsset(source, zipped=True, bucket="assets-${AWS::Region}", key="1.zip"),)
    assert platform.assets == ()


def test_a_missing_assembly_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(DeployError, match=r"manifest\.json: there is no such file\. Run `cdk synth` first"):
        read_stage(tmp_path, "dev")


def test_an_unknown_stage_is_refused_with_those_that_are_there(assembly: Path) -> None:
    with pytest.raises(DeployError, match=r"no stage 'prod'\. Stages here: dev\."):
        read_stage(assembly, "prod")


def test_a_stage_without_stacks_is_refused(assembly: Path) -> None:
    write(assembly / "assembly-dev" / "manifest.json", {"artifacts": {}})
    with pytest.raises(DeployError, match="the stage 'dev' has no stack"):
        read_stage(assembly, "dev")


def test_a_file_that_is_not_json_is_refused(assembly: Path) -> None:
    (assembly / "assembly-dev" / "platform.template.json").write_text("{")
    with pytest.raises(DeployError, match=r"platform\.template\.json: not JSON"):
        read_stage(assembly, "dev")


def test_a_dependency_that_is_not_there_is_refused(assembly: Path) -> None:
    content = manifest(assembly)
    content["artifacts"]["platform"]["dependencies"] = ["nothing"]
    write(assembly / "assembly-dev" / "manifest.json", content)
    with pytest.raises(DeployError, match="dev/platform depends on nothing, which is not there"):
        read_stage(assembly, "dev")


def test_a_missing_asset_is_refused(assembly: Path) -> None:
    (assembly / "asset.1" / "hooks.json").unlink()
    (assembly / "asset.1").rmdir()
    with pytest.raises(DeployError, match=r"asset\.1 is missing\. Run `cdk synth` again"):
        read_stage(assembly, "dev")


def test_a_docker_image_asset_is_refused(assembly: Path) -> None:
    write(assembly / "assembly-dev" / "pipeline.assets.json", {"dockerImages": {"abc": {}}})
    with pytest.raises(DeployError, match=r"docker image assets \(abc\) cannot be built"):
        read_stage(assembly, "dev")
