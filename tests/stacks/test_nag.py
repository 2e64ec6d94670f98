"""cdk-nag's AwsSolutions rules, on the templates as they are synthesised."""

import re
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import cloudformation_include
from cdk_nag import AwsSolutionsChecks

# Name prefixes, and what AWS cannot scope: each is in penstock_constructs or stacks/grants.py, with its reason.
TOLERATED = "AwsSolutions-IAM5"


def test_aws_solutions_finds_nothing_but_prefixes(
    assembly: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CDK_VALIDATION", "true")
    app = cdk.App(outdir=str(tmp_path))
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    for number, template in enumerate(sorted(assembly.rglob("*.template.json"))):
        stack = cdk.Stack(app, f"Stack{number}")
        cloudformation_include.CfnInclude(stack, "Template", template_file=str(template))
    with pytest.raises(RuntimeError):
        app.synth()  # IAM5 is an error until it is acknowledged
    output = "".join(capfd.readouterr()) + "".join(p.read_text() for p in tmp_path.glob("validation-report.*"))
    found = set(re.findall(r"AwsSolutions-[A-Z]+[0-9]+", output))
    assert found == {TOLERATED}
