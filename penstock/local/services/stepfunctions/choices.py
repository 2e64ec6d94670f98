"""The Choice state as it should be, where moto's interpreter departs from the States Language.

Each function takes the place of a method of moto's, with its signature; `interpreter` says of which.
"""

import functools
import re
from typing import Any

from moto.stepfunctions.parser.asl.component.common.assign.assign_decl import AssignDecl
from moto.stepfunctions.parser.asl.component.state.choice.comparison.variable import NoSuchVariable

from penstock.local.services.stepfunctions import failures

_PRESENT = "IsPresent"


def choose(state: Any, env: Any) -> None:
    """Push where the first rule that holds leads, and whether that is the Default; for none, moto's error is wrong."""
    for rule in state.choices_decl.rules:
        rule.eval(env)
        if env.stack.pop():
            env.stack.append((rule.next_stmt.name, False))
            return
    if state.default_state is None:
        cause = f"No rule of the Choice state '{state.name}' matched, and it has no Default."
        raise failures.state_failed(env, "States.NoChoiceMatched", cause)
    env.stack.append((state.default_state.state_name, True))


def leave_choice(state: Any, env: Any) -> None:
    """Go where the choice leads; moto takes a rule that leads to the Default's state for the Default."""
    name, by_default = env.stack.pop()
    if by_default:
        for part in (state.assign_decl, state.output):
            if part is not None:
                part.eval(env=env)
    if state.output_path is not None:
        state.output_path.eval(env=env)
    env.next_state_name = name


def try_rule(rule: Any, env: Any) -> None:
    """Push whether a choice rule holds; one that does assigns from the state's input, and not from that answer."""
    rule.comparison.eval(env)
    holds = env.stack.pop()
    for part in (rule.assign, rule.output) if holds else ():
        if part is not None:
            part.eval(env=env)
    env.stack.append(holds)


def boolean_condition(condition: Any, env: Any) -> None:
    """Push a Condition's value; what is no boolean is an error of the expression."""
    condition.string_jsonata.eval(env=env)
    if not isinstance(env.stack[-1], bool):
        text = condition.string_jsonata.literal_value
        cause = (
            f"The JSONata expression '{text}' specified for the field 'Condition' returned an unexpected result type."
        )
        raise failures.evaluation_failed(env, cause, location="Condition")


def with_variable(compare: Any) -> Any:
    """Fail where a rule's Variable is not there: to moto, it then does not hold."""

    @functools.wraps(compare)
    def comparing(rule: Any, env: Any) -> None:
        variable = env.stack[-1]
        if isinstance(variable, NoSuchVariable) and rule.operator_type.name != _PRESENT:
            path = variable.path.partition(",")[0]
            cause = f"Invalid path '{path}': The choice state's condition path references an invalid value."
            raise failures.state_failed(env, failures.RUNTIME, cause)
        compare(rule, env)

    return comparing


def with_assign(visit: Any) -> Any:
    """Keep the Assign of a choice rule in JSONPath: moto drops it."""

    @functools.wraps(visit)
    def visiting(preprocessor: Any, context: Any) -> Any:
        rule = visit(preprocessor, context)
        parts = (preprocessor.visit(child) for child in context.children)
        rule.assign = next((part for part in parts if isinstance(part, AssignDecl)), None)
        return rule

    return visiting


def string_matches(variable: Any, pattern: str) -> bool:
    """Does a text match a pattern, where * is any text and a backslash takes the next character as it is?"""
    parts = re.findall(r"\\(.)|(\*)|(.)", pattern, re.DOTALL)
    expression = "".join(".*" if star else re.escape(escaped or plain) for escaped, star, plain in parts)
    return isinstance(variable, str) and re.fullmatch(expression, variable, re.DOTALL) is not None
