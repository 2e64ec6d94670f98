from collections.abc import Callable
from typing import Any

import pytest
from jsonata import Jsonata

Evaluate = Callable[..., Any]


@pytest.fixture(scope="session")
def evaluate() -> Evaluate:
    """Evaluate a `{% … %}` string of a definition, with the variables given."""

    def run(expression: str, **variables: Any) -> Any:
        assert expression.startswith("{%"), expression
        assert expression.endswith("%}"), expression
        jsonata = Jsonata(expression[2:-2])
        frame = jsonata.create_frame()
        for name, value in variables.items():
            frame.bind(name, value)
        return jsonata.evaluate(None, frame)

    return run
