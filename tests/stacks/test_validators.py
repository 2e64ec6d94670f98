"""What AWS's and others' validators say of what is synthesised."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def resolved(pipeline_template: dict[str, Any]) -> str:
    """The state machine's definition with its placeholders filled in, as Step Functions gets it."""
    machines = [
        item["Properties"]
        for item in pipeline_template["Resources"].values()
        if item["Type"] == "AWS::StepFunctions::StateMachine"
    ]
    definition: str = machines[0]["DefinitionString"]
    for name in machines[0]["DefinitionSubstitutions"]:
        value = "15" if name == "PollSeconds" else f"arn:aws:service:us-east-1:123456789012:{name}"
        definition = definition.replace(f"${{{name}}}", value)
    return definition


@pytest.fixture
def validate(root: Path) -> Callable[[str], subprocess.CompletedProcess[str]]:
    def run(definition: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
        command = [str(root / "node_modules" / ".bin" / "asl-validator"), "--json-definition", definition]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    return run


def test_cfn_lint_finds_nothing(assembly: Path) -> None:
    # W3005, a DependsOn that a reference implies, comes with the CDK's own dependencies.
    command = [str(BIN / "cfn-lint"), "--ignore-checks", "W3005", "--", *map(str, assembly.rglob("*.template.json"))]
    lint = subprocess.run(command, capture_output=True, text=True, check=False)
    assert lint.returncode == 0, lint.stdout + lint.stderr
    assert lint.stdout == ""


def test_no_placeholder_is_left_over(resolved: str) -> None:
    assert "${" not in resolved


def test_the_definition_passes_asl_validator(
    resolved: str, validate: Callable[[str], subprocess.CompletedProcess[str]]
) -> None:
    outcome = validate(resolved)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_asl_validator_would_find_a_dangling_next(
    resolved: str, validate: Callable[[str], subprocess.CompletedProcess[str]]
) -> None:
    assert validate(resolved.replace('"Next": "Train"', '"Next": "Trian"')).returncode != 0
