"""What an image runs by itself: ENTRYPOINT and CMD of its Dockerfile."""

import json
import re
from pathlib import Path

_INSTRUCTION = re.compile(r"^\s*(ENTRYPOINT|CMD)\s+(.+?)\s*$", re.MULTILINE | re.IGNORECASE)


def own_command(dockerfile: Path) -> tuple[list[str], list[str]]:
    """Return the last ENTRYPOINT and the last CMD, each empty if there is none.

    The form without a JSON list is run by a shell, as Docker does.
    """
    found: dict[str, list[str]] = {"ENTRYPOINT": [], "CMD": []}
    for instruction, text in _INSTRUCTION.findall(dockerfile.read_text(encoding="utf-8").replace("\\\n", " ")):
        try:
            words = json.loads(text)
        except ValueError:
            words = ["/bin/sh", "-c", text]
        found[instruction.upper()] = words
    return found["ENTRYPOINT"], found["CMD"]
