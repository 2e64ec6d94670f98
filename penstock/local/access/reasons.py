"""Why a grant is there that an ordinary run does not use."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


def reason(role: str, statement: str, action: str) -> str:
    """Return why a role has an action that only some runs use, or "" if nothing is said of it."""
    known = _reasons()
    of_action = known["actions"].get(action, {}).get(statement) or known["statements"].get(statement)
    of_role = next((why for end, why in known["roles"].items() if role.endswith(f"-{end}")), "")
    return str(of_action or of_role)


@cache
def _reasons() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(
        files("penstock.local.access").joinpath("reasons.yaml").read_text(encoding="utf-8")
    )
    return found
