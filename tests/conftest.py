"""What tests of several folders share: the cloud assembly, synthesised once for all of them."""

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]

Template = dict[str, Any]
Synthesise = Callable[[Path, Path], subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's own folder."""
    return ROOT


@pytest.fixture(scope="session")
def synthesise() -> Synthesise:
    """Run a project's app.py; the CDK's own validation, which takes seconds, is left to `cdk synth`."""

    def run(project: Path, output: Path) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "CDK_OUTDIR": str(output),
            "CDK_VALIDATION": "false",
            "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
        }
        app = [sys.executable, "app.py"]
        return subprocess.run(app, cwd=project, env=environment, capture_output=True, text=True, check=False)

    return run


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory, synthesise: Synthesise) -> Path:
    """The project's cdk.out, synthesised by whichever worker comes first."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    output = shared / "cdk.out"
    with (shared / "cdk.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (output / "manifest.json").exists():
            app = synthesise(ROOT, output)
            assert app.returncode == 0, app.stderr
    return output


@pytest.fixture(scope="session")
def load_template(assembly: Path) -> Callable[[str], Template]:
    """Read the template of a stack, by its path in the app, such as dev/bigmart."""
    stage = assembly / "assembly-dev"
    artifacts = json.loads((stage / "manifest.json").read_text())["artifacts"].values()
    files = {item["displayName"]: item["properties"]["templateFile"] for item in artifacts if "displayName" in item}

    def load(stack: str) -> Template:
        template: Template = json.loads((stage / files[stack]).read_text())
        return template

    return load


@pytest.fixture(scope="session")
def platform_template(load_template: Callable[[str], Template]) -> Template:
    return load_template("dev/platform")


@pytest.fixture(scope="session")
def pipeline_template(load_template: Callable[[str], Template]) -> Template:
    return load_template("dev/bigmart")


@pytest.fixture(scope="session")
def definition(pipeline_template: Template) -> dict[str, Any]:
    """The state machine's definition, with the placeholders in it."""
    machines = [
        item for item in pipeline_template["Resources"].values() if item["Type"] == "AWS::StepFunctions::StateMachine"
    ]
    parsed: dict[str, Any] = json.loads(machines[0]["Properties"]["DefinitionString"])
    return parsed
