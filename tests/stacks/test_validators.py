"""What AWS's and others' validators say of what is synthesised."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Template = dict[str, Any]
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def resolved(templates: dict[str, Template]) -> dict[str, str]:
    """The definitions with their placeholders filled in, as Step Functions gets them."""
    return {name: _resolved(template) for name, template in templates.items()}


def _resolved(template: Template) -> str:
    resources = template["Resources"].values()
    (machine,) = [item["Properties"] for item in resources if item["Type"] == "AWS::StepFunctions::StateMachine"]
    definition: str = machine["DefinitionString"]
    for name in machine["DefinitionSubstitutions"]:
        value = "15" if name == "PollSeconds" else f"arn:aws:service:us-east-1:123456789012:{name}"
        definition = definition.replace(f"${{{name}}}", value)
    return definition


@pytest.fixture
def validate(root: Path, tmp_path: Path) -> Callable[[dict[str, str]], subprocess.CompletedProcess[str]]:
    def run(definitions: dict[str, str]) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
        command = [str(root / "node_modules" / ".bin" / "asl-validator")]
        for name, definition in definitions.items():
            (tmp_path / f"{name}.json").write_text(definition)
            command += ["--json-path", str(tmp_path / f"{name}.json")]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    return run


def test_cfn_lint_finds_nothing(assembly: Path) -> None:
    # W3005, a DependsOn that a reference implies, comes with the CDK's own dependencies.
    command = [str(BIN / "cfn-lint"), "--ignore-checks", "W3005", "--", *map(str, assembly.rglob("*.template.json"))]
    lint = subprocess.run(command, capture_output=True, text=True, check=False)
    assert lint.returncode == 0, lint.stdout + lint.stderr
    assert lint.stdout == ""


def test_no_placeholder_is_left_over(resolved: dict[str, str]) -> None:
    assert [name for name, definition in resolved.items() if "${" in definition] == []


def test_the_definitions_pass_asl_validator(
    resolved: dict[str, str], validate: Callable[[dict[str, str]], subprocess.CompletedProcess[str]]
) -> None:
    outcome = validate(resolved)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_asl_validator_would_find_a_dangling_next(
    resolved: dict[str, str], validate: Callable[[dict[str, str]], subprocess.CompletedProcess[str]]
) -> None:
    dangling = resolved["bigmart"].replace('"Next": "Train"', '"Next": "Trian"')
    assert validate({"bigmart": dangling}).returncode != 0
