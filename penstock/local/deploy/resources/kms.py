"""AWS::KMS: keys and their aliases."""

from penstock.local.deploy.resources.base import Handle, Physical, ResourceType, document
from penstock.local.deploy.resources.shape import JSON, VALUE
from penstock.local.deploy.resources.tags import TAGS, Tagging, pairs
from penstock.local.service import JsonObject

_CREATED_WITH = ("Description", "KeyPolicy", "KeySpec", "KeyUsage")
# A key's id is random: this tag, put by the call that makes it, tells whose it is when the answer was lost.
_MARK = "penstock:resource"
_DAYS_UNTIL_DELETED = 30


def _create(key: Handle) -> Physical:
    policy = {"Policy": document(key.properties["KeyPolicy"])} if "KeyPolicy" in key.properties else {}
    mark = {"Tags": [{"TagKey": _MARK, "TagValue": key.name(128)}]}
    made = key.client("kms").create_key(**key.given("Description", "KeySpec", "KeyUsage"), **policy, **mark)
    return _physical(made["KeyMetadata"])


def _physical(metadata: JsonObject) -> Physical:
    return Physical(metadata["KeyId"], {"Arn": metadata["Arn"], "KeyId": metadata["KeyId"]})


def _expected(key: Handle) -> Physical | None:
    kms, mark = key.client("kms"), {"TagKey": _MARK, "TagValue": key.name(128)}
    for page in kms.get_paginator("list_keys").paginate():
        for entry in page["Keys"]:
            if mark in kms.list_resource_tags(KeyId=entry["KeyId"])["Tags"]:
                return _physical(kms.describe_key(KeyId=entry["KeyId"])["KeyMetadata"])
    return None


def _configure(key: Handle) -> None:
    kms = key.client("kms")
    if key.changed("KeyPolicy"):
        kms.put_key_policy(KeyId=key.id, PolicyName="default", Policy=document(_policy(key)))
    if key.changed("Description"):
        kms.update_key_description(KeyId=key.id, Description=key.properties.get("Description", ""))
    if key.changed("EnableKeyRotation", "RotationPeriodInDays"):
        if _true(key.properties.get("EnableKeyRotation", False)):
            kms.enable_key_rotation(KeyId=key.id, **key.given("RotationPeriodInDays"))
        else:
            kms.disable_key_rotation(KeyId=key.id)
    if key.changed("Enabled"):
        enable = _true(key.properties.get("Enabled", True))
        (kms.enable_key if enable else kms.disable_key)(KeyId=key.id)


def _policy(key: Handle) -> object:
    # What KMS gives a key that has none: the account decides, through IAM.
    root = {"AWS": key.clients.global_arn("iam", "root")}
    statement = {"Sid": "Enable IAM User Permissions", "Effect": "Allow", "Principal": root, "Action": "kms:*"}
    default = {"Version": "2012-10-17", "Id": "key-default-1", "Statement": [statement | {"Resource": "*"}]}
    return key.properties.get("KeyPolicy", default)


def _true(value: object) -> bool:
    return str(value).lower() == "true"


def _delete(key: Handle) -> None:
    days = key.properties.get("PendingWindowInDays", _DAYS_UNTIL_DELETED)
    kms = key.client("kms")
    if kms.describe_key(KeyId=key.id)["KeyMetadata"]["KeyState"] != "PendingDeletion":
        kms.schedule_key_deletion(KeyId=key.id, PendingWindowInDays=days)


def _alias(alias: Handle) -> Physical:
    return Physical(alias.properties["AliasName"])


def _create_alias(alias: Handle) -> Physical:
    alias.client("kms").create_alias(AliasName=_alias(alias).id, TargetKeyId=alias.properties["TargetKeyId"])
    return _alias(alias)


KEY = ResourceType(
    properties={
        "Description": VALUE,
        "EnableKeyRotation": VALUE,
        "Enabled": VALUE,
        "KeyPolicy": JSON,
        "KeySpec": VALUE,
        "KeyUsage": VALUE,
        "PendingWindowInDays": VALUE,
        "RotationPeriodInDays": VALUE,
        "Tags": TAGS,
    },
    create=_create,
    expected=_expected,
    configure=_configure,
    delete=_delete,
    created_with=_CREATED_WITH,
    replaced_by=("KeySpec", "KeyUsage"),
    attributes=("Arn", "KeyId"),
    tagging=Tagging("kms", lambda key: {"KeyId": key.id}, write=pairs("TagKey", "TagValue")),
)

ALIAS = ResourceType(
    properties={"AliasName": VALUE, "TargetKeyId": VALUE},
    required=("AliasName", "TargetKeyId"),
    exists=lambda alias: alias.client("kms").describe_key(KeyId=_alias(alias).id),
    create=_create_alias,
    expected=_alias,
    configure=lambda alias: alias.client("kms").update_alias(
        AliasName=alias.id, TargetKeyId=alias.properties["TargetKeyId"]
    ),
    delete=lambda alias: alias.client("kms").delete_alias(AliasName=alias.id),
    created_with=("AliasName", "TargetKeyId"),
    replaced_by=("AliasName",),
    name_property="AliasName",
)
