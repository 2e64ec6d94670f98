"""What EventBridge's operations take."""

from collections.abc import Iterator

from penstock.local.access.requirement import Requirement
from penstock.local.access.requirements.rules import Asked, Rule, Rules, table


def _rule(action: str, parameter: str = "Name") -> Rule:
    def rule(asked: Asked) -> Iterator[Requirement]:
        bus = (asked["EventBusName"] or "default").rpartition("/")[2]
        path = "" if bus == "default" else f"{bus}/"
        arn = asked.arn("events", f"rule/{path}{asked[parameter]}")
        context = {"events:source": asked["source"]} if asked["source"] else {}
        yield Requirement(f"events:{action}", arn, context)
        if action == "PutRule" and asked["Tags"]:
            yield Requirement("events:TagResource", arn)
        if action == "PutTargets":
            roles = {target["RoleArn"] for target in asked["Targets"] if target.get("RoleArn")}
            for role in sorted(roles):
                yield Requirement("iam:PassRole", role, {"iam:PassedToService": "events.amazonaws.com"})

    return rule


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
