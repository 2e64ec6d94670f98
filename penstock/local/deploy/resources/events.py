"""AWS::Events: rules."""

from penstock.local.deploy.resources.base import Handle, Physical, ResourceType, document
from penstock.local.deploy.resources.shape import JSON, VALUE

_CREATED_WITH = ("Description", "EventPattern")


def _create(rule: Handle) -> Physical:
    name = rule.name(64)
    return Physical(name, {"Arn": _put(rule, name)})


def _put(rule: Handle, name: str) -> str:
    pattern, description = document(rule.properties["EventPattern"]), rule.properties.get("Description", "")
    made = rule.client("events").put_rule(Name=name, EventPattern=pattern, Description=description)
    arn: str = made["RuleArn"]
    return arn


def _configure(rule: Handle) -> None:
    if rule.changed(*_CREATED_WITH):
        _put(rule, rule.id)
    before, after = rule.former.get("Targets", []), rule.properties.get("Targets", [])
    if new := [target for target in after if target not in before]:
        answer = rule.client("events").put_targets(Rule=rule.id, Targets=new)
        if answer["FailedEntryCount"]:
            raise ValueError(f"targets were refused: {answer['FailedEntries']}")
    _remove_targets(rule, sorted({target["Id"] for target in before} - {target["Id"] for target in after}))


def _remove_targets(rule: Handle, ids: list[str]) -> None:
    if ids:
        rule.client("events").remove_targets(Rule=rule.id, Ids=ids)


def _delete(rule: Handle) -> None:
    _remove_targets(rule, [target["Id"] for target in rule.properties.get("Targets", [])])
    rule.client("events").delete_rule(Name=rule.id)


RULE = ResourceType(
    properties={
        "Description": VALUE,
        "EventPattern": JSON,
        "Targets": [
            {
                "Arn": VALUE,
                "Id": VALUE,
                "RetryPolicy": {"MaximumEventAgeInSeconds": VALUE, "MaximumRetryAttempts": VALUE},
            }
        ],
    },
    required=("EventPattern",),
    create=_create,
    configure=_configure,
    delete=_delete,
    created_with=_CREATED_WITH,
    attributes=("Arn",),
)
