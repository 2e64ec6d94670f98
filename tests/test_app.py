import filecmp
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Synthesise = Callable[[Path, Path], subprocess.CompletedProcess[str]]


@pytest.fixture
def project(root: Path, tmp_path: Path) -> Path:
    """A copy of the project's own files, to be changed."""
    copy = tmp_path / "project"
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("app.py", "environments.yaml"):
        copy.mkdir(exist_ok=True)
        shutil.copy(root / name, copy)
    for name in ("pipelines", "containers", "lambda"):
        shutil.copytree(root / name, copy / name, ignore=ignored)
    return copy


def _files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def _different(one: Path, other: Path, files: set[str]) -> list[str]:
    _, mismatches, errors = filecmp.cmpfiles(one, other, sorted(files), shallow=False)
    return mismatches + errors


def test_two_synths_are_byte_identical(assembly: Path, root: Path, synthesise: Synthesise, tmp_path: Path) -> None:
    synthesise(root, tmp_path)
    assert _different(assembly, tmp_path, _files(assembly) | _files(tmp_path)) == []


def test_bytecode_beside_the_hooks_changes_nothing(
    assembly: Path, project: Path, synthesise: Synthesise, tmp_path: Path
) -> None:
    cache = project / "lambda" / "hooks" / "__pycache__"
    cache.mkdir()
    (cache / "rules.pyc").write_bytes(b"anything")
    synthesise(project, tmp_path / "cdk.out")
    assert _different(assembly, tmp_path / "cdk.out", _files(assembly)) == []


def test_the_cli_writes_and_validates_the_same_assembly(assembly: Path, root: Path, tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "CDK_"))}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    environment["JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION"] = "1"
    command = ["node_modules/.bin/cdk", "synth", "--quiet", "--output", str(tmp_path)]
    cli = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert cli.returncode == 0, cli.stderr
    assert _different(assembly, tmp_path, _files(assembly)) == []


def test_a_mistake_in_the_spec_is_told_without_a_traceback(
    project: Path, synthesise: Synthesise, tmp_path: Path
) -> None:
    (project / "pipelines" / "bigmart" / "pipeline.yaml").write_text("name: bigmart\n")
    app = synthesise(project, tmp_path / "cdk.out")
    assert app.returncode == 1
    assert "pipelines/bigmart/pipeline.yaml" in app.stderr
    assert "Traceback" not in app.stderr


def test_an_environment_without_account_and_region_is_synthesised_for_any(
    project: Path, synthesise: Synthesise, tmp_path: Path
) -> None:
    (project / "environments.yaml").write_text("anywhere: {}\n")
    app = synthesise(project, tmp_path / "cdk.out")
    assert app.returncode == 0, app.stderr
    manifest = (tmp_path / "cdk.out" / "assembly-anywhere" / "manifest.json").read_text()
    assert "aws://unknown-account/unknown-region" in manifest


def test_the_stacks_of_two_environments_have_each_their_own_assets(
    project: Path, synthesise: Synthesise, tmp_path: Path
) -> None:
    (project / "environments.yaml").write_text('dev: {}\nprod: {account: "111122223333", region: eu-central-1}\n')
    app = synthesise(project, tmp_path / "cdk.out")
    assert app.returncode == 0, app.stderr
    assets = sorted((tmp_path / "cdk.out").rglob("*.assets.json"))
    assert len(assets) == 4
    for file in assets:
        sources = [item["source"]["path"] for item in json.loads(file.read_text())["files"].values()]
        templates = [source for source in sources if source.endswith(".template.json")]
        assert templates == [file.name.replace(".assets.json", ".template.json")]
