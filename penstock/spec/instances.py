"""The instance types that SageMaker has for each use, as botocore's service model lists them.

`instance_types.json` is a copy: botocore's own file takes 100 ms to read, too long for every synth. A test compares
the two, and `make snapshots` records the list anew.
"""

import json
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("instance_types.json")


@cache
def instance_types(use: str) -> tuple[str, ...]:
    """Return the instance types for "training", "hosting", "processing" or "transform", in AWS's order."""
    return tuple(json.loads(FILE.read_text(encoding="utf-8"))[use])
