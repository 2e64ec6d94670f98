"""How a service's operations become what they take: tables of resources, and what is added to a row."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from penstock.local.access.context import Value
from penstock.local.access.requirement import Requirement
from penstock.local.access.state import State

_PARAMETER = re.compile(r"\{([\w.]+)\}")


@dataclass(frozen=True)
class Asked:
    """A call, as far as what it takes depends on it; `service` and `operation` are botocore's names."""

    service: str
    operation: str
    parameters: Mapping[str, Any]
    account: str
    region: str
    partition: str
    state: State

    def __getitem__(self, path: str) -> Any:
        """Return a parameter, or one inside it as in "ResourceConfig.VolumeKmsKeyId", or None."""
        value: Any = self.parameters
        for name in path.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        return value

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a resource of this account and region."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"


Rule = Callable[[Asked], Iterable[Requirement]]
Rules = dict[str, Rule]


def table(prefix: str, rows: Mapping[str, str], *, arn: str = "arn:{partition}:{prefix}:{region}:{account}:") -> Rules:
    """Return the rules of operations, by the resources that they are about.

    A row is a resource and the names of its operations, with their action where that is named otherwise, as in
    "Invoke=InvokeFunction". In the resource, `{FunctionName}` is a parameter: one that is not given is `*`, and one
    that is an ARN is the resource itself.
    """
    rules: Rules = {}
    for resource, names in rows.items():
        for name in names.split():
            operation, _, action = name.partition("=")
            rules[operation] = on(f"{prefix}:{action or operation}", resource, arn=arn)
    return rules


def on(action: str, resource: str, *, arn: str = "arn:{partition}:{prefix}:{region}:{account}:") -> Rule:
    """Return the rule of one action on the resource that a template names; see `table`."""
    prefix = action.partition(":")[0]

    def rule(asked: Asked) -> Iterator[Requirement]:
        yield Requirement(action, _filled(asked, prefix, resource, arn))

    return rule


def each(
    action: str, resource: str, parameter: str, *, arn: str = "arn:{partition}:{prefix}:{region}:{account}:"
) -> Rule:
    """Return the rule of one action on every resource that a list names: `{}` is the name."""
    prefix = action.partition(":")[0]

    def rule(asked: Asked) -> Iterator[Requirement]:
        base = arn.format(partition=asked.partition, prefix=prefix, region=asked.region, account=asked.account)
        for name in asked[parameter] or ():
            yield Requirement(action, name if name.startswith("arn:") else base + resource.format(name.lstrip("/")))

    return rule


def also(rules: Rules, names: str, *more: Rule) -> None:
    """Add to what operations take."""
    for name in names.split():
        rules[name] = together(rules[name], *more)


def together(*rules: Rule) -> Rule:
    """Return the rule that takes what all of these take."""
    return lambda asked: chain.from_iterable(rule(asked) for rule in rules)


def given(parameter: str, rule: Rule) -> Rule:
    """Return a rule that counts only where a parameter is given."""
    return lambda asked: rule(asked) if asked[parameter] else ()


def within(rule: Rule, context: Callable[[Asked], Mapping[str, Value]]) -> Rule:
    """Return a rule with condition keys of its service."""

    def rule_within(asked: Asked) -> Iterator[Requirement]:
        found = context(asked)
        for one in rule(asked):
            yield Requirement(one.action, one.resource, {**one.context, **found}, one.via, one.role)

    return rule_within


def passing(parameter: str, service: str) -> Rule:
    """Return the rule of handing a role on to a service."""

    def rule(asked: Asked) -> Iterator[Requirement]:
        role = asked[parameter]
        if role:
            yield Requirement("iam:PassRole", role, {"iam:PassedToService": service})

    return rule


def _filled(asked: Asked, prefix: str, resource: str, arn: str) -> str:
    if resource == "*":
        return "*"
    names = _PARAMETER.findall(resource)
    values = {name: str(asked[name] or "*") for name in names}
    for name in names[:1]:
        if values[name].startswith("arn:"):
            return values[name] + resource.partition(f"{{{name}}}")[2] if resource.endswith(":*") else values[name]
    base = arn.format(partition=asked.partition, prefix=prefix, region=asked.region, account=asked.account)
    return base + _PARAMETER.sub(lambda found: values[found[1]], resource)
