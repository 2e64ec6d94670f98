"""Conditions and rules of a template, and the values that depend on them."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from penstock.local.deploy.intrinsics import Scope, function_of, resolve, text
from penstock.local.service import JsonObject

_NO_VALUE: Final = {"Ref": "AWS::NoValue"}


class Conditions:
    """The conditions of one template, each evaluated when it is asked for; they see parameters only."""

    def __init__(self, definitions: JsonObject, scope: Scope) -> None:
        self._definitions = definitions
        self._scope = scope
        self._asked: list[str] = []
        self._functions: Mapping[str, Callable[[Any, str], bool]] = {
            "Fn::Equals": self._equals,
            "Fn::And": lambda items, path: all(self._each(items, path)),
            "Fn::Or": lambda items, path: any(self._each(items, path)),
            "Fn::Not": self._not,
            "Fn::Contains": self._contains,
            "Condition": self.holds,
        }

    def holds(self, name: str, path: str) -> bool:
        """Tell whether a condition of the template holds.

        Raises:
            DeployError: there is no such condition, it is wrong, or it refers to itself.
        """
        if name not in self._definitions:
            raise self._scope.error(path, f"the template has no condition {name!r}.")
        if name in self._asked:
            raise self._scope.error(f"Conditions.{name}", f"refers to itself: {' → '.join([*self._asked, name])}.")
        self._asked.append(name)
        result = self.evaluate(self._definitions[name], f"Conditions.{name}")
        self._asked.pop()
        return result

    def evaluate(self, expression: Any, path: str) -> bool:
        """Evaluate an expression of conditions or rules.

        Raises:
            DeployError: it is not such an expression, or refers to what is not there.
        """
        match list(expression.items()) if isinstance(expression, dict) else None:
            case [(name, argument)] if name in self._functions:
                path = f"{path}.{name}"
                try:
                    return self._functions[name](argument, path)
                except (TypeError, ValueError) as error:
                    raise self._scope.error(path, f"{name} cannot take {argument!r} ({error}).") from error
        raise self._scope.error(path, f"expected one of {', '.join(self._functions)}, found {expression!r}.")

    def applied(self, value: Any, path: str) -> Any:
        """Return a value with the branches of Fn::If taken and without what is AWS::NoValue."""
        if isinstance(value, list):
            kept = (self._taken(item, f"{path}[{index}]") for index, item in enumerate(value))
            return [item for item in kept if item != _NO_VALUE]
        if not isinstance(value, dict):
            return value
        taken = ((key, self._taken(item, f"{path}.{key}")) for key, item in value.items())
        return {key: item for key, item in taken if item != _NO_VALUE}

    def _taken(self, value: Any, path: str) -> Any:
        if function_of(value) != "Fn::If":
            return value if value == _NO_VALUE else self.applied(value, path)
        path = f"{path}.Fn::If"
        match value["Fn::If"]:
            case [str(name), yes, no]:
                return self._taken(yes if self.holds(name, path) else no, path)
        raise self._scope.error(path, f"expected a condition and two values, found {value['Fn::If']!r}.")

    def _equals(self, argument: Any, path: str) -> bool:
        first, second = resolve(argument, self._scope, path)
        return text(first) == text(second)

    def _each(self, items: Any, path: str) -> list[bool]:
        return [self.evaluate(item, path) for item in items]  # all of them, so that a wrong one is always found

    def _not(self, argument: Any, path: str) -> bool:
        [expression] = argument
        return not self.evaluate(expression, path)

    def _contains(self, argument: Any, path: str) -> bool:
        items, item = resolve(argument, self._scope, path)
        return item in items


def broken_rules(rules: JsonObject, conditions: Conditions) -> list[str]:
    """Return the descriptions of the assertions that do not hold."""
    return [
        f"Rules.{name}: {assertion.get('AssertDescription', assertion['Assert'])}"
        for name, rule in rules.items()
        if "RuleCondition" not in rule or conditions.evaluate(rule["RuleCondition"], f"Rules.{name}.RuleCondition")
        for assertion in rule["Assertions"]
        if not conditions.evaluate(assertion["Assert"], f"Rules.{name}.Assertions")
    ]
