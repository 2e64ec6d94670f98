"""What EventBridge's operations take."""

import json
from collections.abc import Iterator, Mapping

from penstock.local.access.context import Value
from penstock.local.access.requirement import Requirement
from penstock.local.access.requirements.rules import Asked, Rule, Rules, also, passing, table


def _rule(action: str, parameter: str = "Name") -> Rule:
    def rule(asked: Asked) -> Iterator[Requirement]:
        bus = (asked["EventBusName"] or "default").rpartition("/")[2]
        path = "" if bus == "default" else f"{bus}/"
        arn = asked.arn("events", f"rule/{path}{asked[parameter]}")
        yield Requirement(f"events:{action}", arn, _context(asked))
        if action == "PutRule" and asked["Tags"]:
            yield Requirement("events:TagResource", arn)
        if action == "PutTargets":
            roles = {target["RoleArn"] for target in asked["Targets"] if target.get("RoleArn")}
            for role in sorted(roles):
                yield Requirement("iam:PassRole", role, {"iam:PassedToService": "events.amazonaws.com"})

    return rule


def _context(asked: Asked) -> Mapping[str, Value]:
    """Return what a rule is about: where its events come from, and what it is to call."""
    targets = [target["Arn"] for target in asked["Targets"] or ()]
    sources = _sources(asked["EventPattern"])
    return ({"events:TargetArn": targets} if targets else {}) | ({"events:source": sources} if sources else {})


def _sources(pattern: str | None) -> list[str]:
    try:
        sources = json.loads(pattern or "{}").get("source", [])
    except (ValueError, AttributeError):
        return []  # EventBridge refuses the pattern
    return [source for source in sources if isinstance(source, str)]


def _put_events(asked: Asked) -> Iterator[Requirement]:
    for entry in asked["Entries"] or ():
        bus = (entry.get("EventBusName") or "default").rpartition("/")[2]
        context = {"events:source": entry.get("Source", ""), "events:detail-type": entry.get("DetailType", "")}
        yield Requirement("events:PutEvents", asked.arn("events", f"event-bus/{bus}"), context)


RULES: Rules = {
    **table(
        "events",
        {
            "event-bus/{Name}": "CreateEventBus DeleteEventBus DescribeEventBus",
            "{ResourceARN}": "ListTagsForResource TagResource UntagResource",
            "*": "ListEventBuses ListRules ListRuleNamesByTarget TestEventPattern ListArchives",
            "archive/{ArchiveName}": "CreateArchive DeleteArchive DescribeArchive UpdateArchive",
        },
    ),
    **{name: _rule(name) for name in ("DeleteRule", "DescribeRule", "DisableRule", "EnableRule", "PutRule")},
    **{name: _rule(name, "Rule") for name in ("ListTargetsByRule", "PutTargets", "RemoveTargets")},
    "PutEvents": _put_events,
}
also(RULES, "PutRule", passing("RoleArn", "events.amazonaws.com"))
