"""AWS::KMS: keys."""

from penstock.local.deploy.resources.base import Handle, Physical, ResourceType, document
from penstock.local.deploy.resources.shape import JSON, VALUE

_DAYS_UNTIL_DELETED = 30


def _create(key: Handle) -> Physical:
    policy = {"Policy": document(key.properties["KeyPolicy"])} if "KeyPolicy" in key.properties else {}
    made = key.client("kms").create_key(**key.given("Description"), **policy)["KeyMetadata"]
    return Physical(made["KeyId"], {"Arn": made["Arn"], "KeyId": made["KeyId"]})


def _configure(key: Handle) -> None:
    kms = key.client("kms")
    if key.changed("KeyPolicy"):
        kms.put_key_policy(KeyId=key.id, PolicyName="default", Policy=document(key.properties["KeyPolicy"]))
    if key.changed("Description"):
        kms.update_key_description(KeyId=key.id, Description=key.properties.get("Description", ""))
    if key.changed("EnableKeyRotation"):
        rotate = kms.enable_key_rotation if key.properties.get("EnableKeyRotation") else kms.disable_key_rotation
        rotate(KeyId=key.id)


def _delete(key: Handle) -> None:
    key.client("kms").schedule_key_deletion(KeyId=key.id, PendingWindowInDays=_DAYS_UNTIL_DELETED)


KEY = ResourceType(
    properties={"Description": VALUE, "EnableKeyRotation": VALUE, "KeyPolicy": JSON},
    create=_create,
    configure=_configure,
    delete=_delete,
    created_with=("Description", "KeyPolicy"),
    attributes=("Arn", "KeyId"),
)
