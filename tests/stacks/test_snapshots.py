"""The templates and the definition as they were recorded: no change goes unseen. `make snapshots` records anew."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

Template = dict[str, Any]

# Hashes of the hooks' code and of containers' folders: they change with every comment in those.
HASHES = {r"\b[0-9a-f]{64}\b": "(hash of the files)", r"(/dev-[a-z-]+:)[0-9a-f]{16}\b": r"\1(hash of the container)"}

pytestmark = pytest.mark.snapshot


@pytest.fixture
def recorded(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(JSONSnapshotExtension)


def _masked(template: Template) -> Any:
    text = json.dumps(template)
    for pattern, word in HASHES.items():
        text = re.sub(pattern, word, text)
    return json.loads(text)


@pytest.mark.parametrize("stack", ["platform", "bigmart"])
def test_template(load_template: Callable[[str], Template], recorded: SnapshotAssertion, stack: str) -> None:
    template = _masked(load_template(f"dev/{stack}"))
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::StepFunctions::StateMachine":
            resource["Properties"]["DefinitionString"] = "(in a file of its own)"
    assert template == recorded


def test_definition(definition: dict[str, Any], recorded: SnapshotAssertion) -> None:
    assert _masked(definition) == recorded
