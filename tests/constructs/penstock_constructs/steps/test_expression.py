from collections.abc import Callable
from typing import Any

import pytest

from penstock_constructs.steps.expression import inline, merged


@pytest.mark.parametrize(
    "value", ["text", 1, 0.25, True, [], [1, ["a"]], {}, {"a": {"b": [{"c": False}]}}, {"Key": "penstock:run"}]
)
def test_a_value_is_written_as_it_is(evaluate: Callable[..., Any], value: Any) -> None:
    assert evaluate(f"{{% {inline(value)} %}}") == value


def test_an_expression_inside_it_is_one(evaluate: Callable[..., Any]) -> None:
    assert evaluate(f"{{% {inline({'a': ['{% $x + 1 %}']})} %}}", x=1) == {"a": [2]}


@pytest.mark.parametrize(("known", "result"), [(True, {"a": 1, "b": 2}), (False, {"a": 1})])
def test_what_is_optional_is_there_if_its_condition_holds(
    evaluate: Callable[..., Any], result: dict[str, int], *, known: bool
) -> None:
    assert evaluate(merged({"a": 1}, ("$known", {"b": 2})), known=known) == result
