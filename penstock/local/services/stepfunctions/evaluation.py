"""How a state of moto's interpreter evaluates an expression, and what it then has assigned."""

from typing import Any

from penstock.local.services.stepfunctions import failures
from penstock.local.services.stepfunctions.expressions import ExpressionError, value_of
from penstock.local.services.stepfunctions.shapes import to_json

_ONLY_WHERE_SET = ("result", "errorOutput")


def evaluate(component: Any, env: Any) -> None:
    """Push an expression's value: values are bound as they are, where moto writes them into the expression's text.

    An expression that fails is an event of its own, and an error that a Retry or a Catch can name.
    """
    env.stack.append(_value(env, component.expression))


def variable(env: Any, path: str) -> Any:
    """Return what a path of a JSONPath state leads to that begins with a variable: $name.member[0]."""
    return _value(env, path)


def _value(env: Any, expression: str) -> Any:
    data = env.states._states_data
    states = {key: value for key, value in data.items() if key not in _ONLY_WHERE_SET or value is not None}
    if "State" in states["context"]:
        states["context"]["State"].setdefault("RetryCount", 0)  # moto sets it in tasks only
    store, moment = env.variable_store, env.aws_execution_details.clock.now()
    try:
        return value_of(expression, {**store._outer_scope, **store._inner_scope, "states": states}, moment)
    except ExpressionError as error:
        raise failures.evaluation_failed(env, f"The JSONata expression '{expression}' {error}") from error


def assigned(store: Any) -> dict[str, str]:
    """Return the variables that a state has assigned, as JSON texts; moto does not escape strings."""
    return {name: to_json(store.get(name)) for name in sorted(store._declaration_tracing)}
