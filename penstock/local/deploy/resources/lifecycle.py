"""The lifecycle rules of AWS::S3::Bucket, as S3 takes them."""

from typing import Any

from penstock.local.deploy.resources.shape import VALUE, Shape
from penstock.local.service import JsonObject

LIFECYCLE: Shape = {
    "Rules": [
        {
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": VALUE},
            "ExpirationDate": VALUE,
            "ExpirationInDays": VALUE,
            "ExpiredObjectDeleteMarker": VALUE,
            "Id": VALUE,
            "NoncurrentVersionExpiration": {"NewerNoncurrentVersions": VALUE, "NoncurrentDays": VALUE},
            "NoncurrentVersionTransitions": [
                {"NewerNoncurrentVersions": VALUE, "StorageClass": VALUE, "TransitionInDays": VALUE}
            ],
            "ObjectSizeGreaterThan": VALUE,
            "ObjectSizeLessThan": VALUE,
            "Prefix": VALUE,
            "Status": VALUE,
            "TagFilters": [{"Key": VALUE, "Value": VALUE}],
            "Transitions": [{"StorageClass": VALUE, "TransitionDate": VALUE, "TransitionInDays": VALUE}],
        }
    ]
}
_EXPIRATION = {
    "ExpirationDate": "Date",
    "ExpirationInDays": "Days",
    "ExpiredObjectDeleteMarker": "ExpiredObjectDeleteMarker",
}
_SAME = ("AbortIncompleteMultipartUpload", "NoncurrentVersionExpiration", "Status")


def lifecycle(value: Any) -> JsonObject:
    """Return a LifecycleConfiguration of CloudFormation in S3's own form."""
    return {"Rules": [_rule(rule) for rule in value["Rules"]]}


def _rule(rule: JsonObject) -> JsonObject:
    put = {name: rule[name] for name in _SAME if name in rule} | {"Filter": _filter(rule)}
    if "Id" in rule:
        put["ID"] = rule["Id"]
    if expiration := {renamed: rule[name] for name, renamed in _EXPIRATION.items() if name in rule}:
        put["Expiration"] = expiration
    transitions = {"TransitionInDays": "Days", "TransitionDate": "Date"}
    if "Transitions" in rule:
        put["Transitions"] = _renamed(rule["Transitions"], transitions)
    if "NoncurrentVersionTransitions" in rule:
        days = {"TransitionInDays": "NoncurrentDays"}
        put["NoncurrentVersionTransitions"] = _renamed(rule["NoncurrentVersionTransitions"], days)
    return put


def _renamed(entries: list[JsonObject], names: dict[str, str]) -> list[JsonObject]:
    return [{names.get(key, key): item for key, item in entry.items()} for entry in entries]


def _filter(rule: JsonObject) -> JsonObject:
    single: JsonObject = {
        name: rule[name] for name in ("Prefix", "ObjectSizeGreaterThan", "ObjectSizeLessThan") if name in rule
    }
    tags = rule.get("TagFilters", [])
    if len(single) + len(tags) > 1:
        return {"And": single | ({"Tags": tags} if tags else {})}
    if tags:
        return {"Tag": tags[0]}
    return single or {"Prefix": ""}
