# mypy: ignore-errors
"""The model as BentoML runs it."""

import os
from pathlib import Path

import bentoml
from scoring import Scorer


@bentoml.service(workers="cpu_count", logging={"access": {"enabled": False}}, metrics={"enabled": False})
class Forest:
    """Text to text."""

    def __init__(self):
        self.scorer = Scorer(Path(os.environ["MODEL"]))

    @bentoml.api(route="/invocations")
    async def invocations(self, rows: str) -> str:
        """Answer; in the event loop itself, as handing so little work to a thread would cost more."""
        return self.scorer(rows)
