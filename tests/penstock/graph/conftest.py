import json
from pathlib import Path

import pytest

from penstock.graph.machine import Machine, parse


@pytest.fixture
def machine() -> Machine:
    definition = json.loads(Path(__file__).with_name("machine.json").read_text())
    return parse("dev-bigmart", definition)
