"""What KMS's operations take, and what other services do with a key in the caller's name."""

import re
from collections.abc import Iterator, Mapping

from penstock.local.access.context import Value
from penstock.local.access.requirement import Requirement
from penstock.local.access.requirements.rules import Asked, Rule, Rules, also, given, on, table
from penstock.local.service import AwsError

_ON_KEY = (
    "CancelKeyDeletion CreateGrant DeriveSharedSecret DescribeKey DisableKey DisableKeyRotation EnableKey"
    " EnableKeyRotation Encrypt GenerateDataKey GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext"
    " GenerateDataKeyWithoutPlaintext GenerateMac GetKeyPolicy GetKeyRotationStatus GetPublicKey ListGrants"
    " ListKeyPolicies ListKeyRotations ListResourceTags PutKeyPolicy RetireGrant RevokeGrant RotateKeyOnDemand"
    " ScheduleKeyDeletion Sign TagResource UntagResource UpdateKeyDescription Verify VerifyMac"
)
# A ciphertext begins with the id of its key: so moto writes it.
_CIPHERTEXT = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


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


def _on_key(action: str, parameter: str = "KeyId", encryption_context: str = "EncryptionContext") -> Rule:
    def rule(asked: Asked) -> Iterator[Requirement]:
        encryption = asked[encryption_context] or {}
        context: dict[str, Value] = {"kms:CallerAccount": asked.account}
        context |= {f"kms:EncryptionContext:{name}": value for name, value in encryption.items()}
        if encryption:
            context["kms:EncryptionContextKeys"] = [*encryption]
        if action == "CreateGrant":
            context |= {"kms:GrantOperations": asked["Operations"], "kms:GrantIsForAWSResource": "false"}
            context |= {"kms:GranteePrincipal": asked["GranteePrincipal"]}
        key = (
            _decrypting(asked, parameter)
            if action in {"Decrypt", "ReEncryptFrom"}
            else asked.state.key(asked[parameter])
        )
        yield Requirement(f"kms:{action}", key or asked.arn("kms", "key/*"), context)

    return rule


def _decrypting(asked: Asked, parameter: str) -> str:
    """Return the key of a ciphertext; the caller may name it as well, and may name no other.

    Raises:
        AwsError: IncorrectKeyException or InvalidCiphertextException.
    """
    named, ciphertext = asked.state.key(asked[parameter]), asked["CiphertextBlob"]
    if not ciphertext:
        return named
    found = _CIPHERTEXT.match(ciphertext)
    if found is None:
        raise AwsError("InvalidCiphertextException", "The ciphertext is none that KMS made in this account and region.")
    key = asked.state.key(found[0].decode())
    if named and named != key:
        message = "The key ID in the request does not identify a CMK that can perform this operation."
        raise AwsError("IncorrectKeyException", message)
    return key


RULES: Rules = {
    **{name: _on_key(name) for name in _ON_KEY.split()},
    **table(
        "kms",
        {
            "*": "CreateKey ListKeys ListAliases GenerateRandom ListRetirableGrants",
            "{AliasName}": "CreateAlias DeleteAlias UpdateAlias",
        },
    ),
    "Decrypt": _on_key("Decrypt"),
    "ReEncrypt": lambda asked: (
        *_on_key("ReEncryptFrom", "SourceKeyId", "SourceEncryptionContext")(asked),
        *_on_key("ReEncryptTo", "DestinationKeyId", "DestinationEncryptionContext")(asked),
    ),
}
also(RULES, "CreateKey", given("Tags", on("kms:TagResource", "*")))
also(RULES, "CreateAlias", _on_key("CreateAlias", "TargetKeyId"))
also(RULES, "UpdateAlias", _on_key("UpdateAlias", "TargetKeyId"))
