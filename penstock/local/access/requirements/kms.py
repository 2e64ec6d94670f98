"""What KMS's operations take, and what other services do with a key in the caller's name."""

from collections.abc import Iterator, Mapping

from penstock.local.access.context import Value
from penstock.local.access.requirement import Requirement
from penstock.local.access.requirements.rules import Asked, Rule, Rules, also, table

_ON_KEY = (
    "CancelKeyDeletion CreateGrant Decrypt DeriveSharedSecret DescribeKey DisableKey DisableKeyRotation EnableKey"
    " EnableKeyRotation Encrypt GenerateDataKey GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext"
    " GenerateDataKeyWithoutPlaintext GenerateMac GetKeyPolicy GetKeyRotationStatus GetPublicKey ListGrants"
    " ListKeyPolicies ListKeyRotations ListResourceTags PutKeyPolicy RetireGrant RevokeGrant RotateKeyOnDemand"
    " ScheduleKeyDeletion Sign TagResource UntagResource UpdateKeyDescription Verify VerifyMac"
)


def using(asked: Asked, key: str, actions: str, service: str, context: Mapping[str, Value]) -> Iterator[Requirement]:
    """Yield what a service does with a key in the caller's name; nothing if there is no key.

    Args:
        asked: the call.
        key: the key's ARN, or "".
        actions: of KMS, by their names.
        service: such as "s3".
        context: condition keys of KMS.
    """
    via = {"kms:ViaService": f"{service}.{asked.region}.amazonaws.com", "kms:CallerAccount": asked.account}
    for action in actions.split() if key else ():
        yield Requirement(f"kms:{action}", key, via | dict(context), f"{service}.amazonaws.com")


def _on_key(action: str, parameter: str = "KeyId") -> Rule:
    def rule(asked: Asked) -> Iterator[Requirement]:
        encryption = asked["EncryptionContext"] or {}
        context: dict[str, Value] = {"kms:CallerAccount": asked.account}
        context |= {f"kms:EncryptionContext:{name}": value for name, value in encryption.items()}
        if encryption:
            context["kms:EncryptionContextKeys"] = [*encryption]
        if action == "CreateGrant":
            context |= {"kms:GrantOperations": asked["Operations"], "kms:GrantIsForAWSResource": "false"}
            context |= {"kms:GranteePrincipal": asked["GranteePrincipal"]}
        # A ciphertext says itself which key it takes; only KMS can read it.
        yield Requirement(f"kms:{action}", asked.state.key(asked[parameter]) or asked.arn("kms", "key/*"), context)

    return rule


RULES: Rules = {
    **{name: _on_key(name) for name in _ON_KEY.split()},
    **table(
        "kms",
        {
            "*": "CreateKey ListKeys ListAliases GenerateRandom ListRetirableGrants",
            "{AliasName}": "CreateAlias DeleteAlias UpdateAlias",
        },
    ),
    "ReEncrypt": lambda asked: (
        *_on_key("ReEncryptFrom", "SourceKeyId")(asked),
        *_on_key("ReEncryptTo", "DestinationKeyId")(asked),
    ),
}
also(RULES, "CreateAlias", _on_key("CreateAlias", "TargetKeyId"))
also(RULES, "UpdateAlias", _on_key("UpdateAlias", "TargetKeyId"))
