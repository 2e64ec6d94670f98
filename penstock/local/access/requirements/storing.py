"""What the operations of ECR, SSM's parameters and DynamoDB take."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from penstock.local.access.context import Value
from penstock.local.access.requirement import Requirement
from penstock.local.access.requirements import contents
from penstock.local.access.requirements.kms import using
from penstock.local.access.requirements.rules import Asked, Rule, Rules, also, given, on, table

ECR: Rules = table(
    "ecr",
    {
        "repository/{repositoryName}": (
            "BatchCheckLayerAvailability BatchDeleteImage BatchGetImage CompleteLayerUpload CreateRepository"
            " DeleteLifecyclePolicy DeleteRepository DeleteRepositoryPolicy DescribeImageScanFindings DescribeImages"
            " GetDownloadUrlForLayer GetLifecyclePolicy GetRepositoryPolicy InitiateLayerUpload ListImages PutImage"
            " PutImageScanningConfiguration PutImageTagMutability PutLifecyclePolicy SetRepositoryPolicy"
            " StartImageScan UploadLayerPart"
        ),
        "repository/*": "DescribeRepositories",
        "{resourceArn}": "ListTagsForResource TagResource UntagResource",
        "*": "GetAuthorizationToken DescribeRegistry GetRegistryPolicy",
    },
)
also(ECR, "CreateRepository", given("tags", on("ecr:TagResource", "repository/{repositoryName}")))

_PARAMETER_ARN = "kms:EncryptionContext:PARAMETER_ARN"


def _parameter(action: str) -> Rule:
    def rule(asked: Asked) -> Iterator[Requirement]:
        # A name in a hierarchy begins with a slash, which its ARN has only once.
        for name in asked["Names"] or [asked["Name"] or asked["Path"]]:
            yield Requirement(f"ssm:{action}", _parameter_arn(asked, name))

    return rule


def _parameter_arn(asked: Asked, name: str) -> str:
    """Return the ARN of a parameter, without the version or label that a name or an ARN may end with."""
    if name.startswith("arn:"):
        return ":".join(name.split(":")[:6])
    return asked.arn("ssm", f"parameter/{name.partition(':')[0].strip('/')}")


def _encrypts(asked: Asked) -> Iterator[Requirement]:
    """Yield the use of the customer's key that a secret parameter is encrypted with."""
    if asked["Type"] == "SecureString":
        action = "GenerateDataKey" if asked["Tier"] == "Advanced" else "Encrypt"
        arn = _parameter_arn(asked, asked["Name"])
        yield from using(asked, asked.state.key(asked["KeyId"]), action, "ssm", {_PARAMETER_ARN: arn})


def _decrypts(asked: Asked) -> Iterator[Requirement]:
    """Yield the use of the keys that the secret parameters are encrypted with which a call reads."""
    for name, key in contents.parameter_keys(asked) if asked["WithDecryption"] else ():
        yield from using(asked, asked.state.key(key), "Decrypt", "ssm", {_PARAMETER_ARN: _parameter_arn(asked, name)})


SSM: Rules = {
    **table(
        "ssm",
        {
            "*": "DescribeParameters",
            "parameter/{ResourceId}": "AddTagsToResource ListTagsForResource RemoveTagsFromResource",
        },
    ),
    **{
        name: _parameter(name)
        for name in (
            *("DeleteParameter", "DeleteParameters", "GetParameter", "GetParameterHistory", "GetParameters"),
            *("GetParametersByPath", "LabelParameterVersion", "PutParameter", "UnlabelParameterVersion"),
        )
    },
}
also(SSM, "PutParameter", given("Tags", _parameter("AddTagsToResource")), _encrypts)
also(SSM, "GetParameter GetParameterHistory GetParameters GetParametersByPath", _decrypts)

_Taken = Iterator[Requirement]
_WRITES = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}


def _table(asked: Asked, name: str) -> str:
    return name if name.startswith("arn:") else asked.arn("dynamodb", f"table/{name}")


def _leading(asked: Asked, table_name: str, items: Iterable[Mapping[str, Any]]) -> dict[str, Value]:
    """Return the context of items by the values of the table's partition key."""
    key = asked.state.partition_key(table_name)
    values = [str(value) for item in items for value in item.get(key, {}).values()]
    return {"dynamodb:LeadingKeys": values} if values else {}


def _on_table(asked: Asked, action: str, name: str, context: Mapping[str, Value], index: str = "") -> _Taken:
    """Yield an action on what is in a table, and the use of the customer's key that it is encrypted with.

    DynamoDB asks for that once in five minutes for each caller, and here always.
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
    """
    yield Requirement(f"dynamodb:{action}", _table(asked, name) + index, context)
    encryption = {
        "kms:EncryptionContext:aws:dynamodb:tableName": name.rpartition("/")[2],
        "kms:EncryptionContext:aws:dynamodb:subscriberId": asked.account,
    }
    yield from using(asked, asked.state.table_key(name), "Decrypt", "dynamodb", encryption)


def _item(asked: Asked) -> _Taken:
    name = asked["TableName"]
    context = _leading(asked, name, [asked["Key"] or asked["Item"] or {}])
    yield from _on_table(asked, asked.operation, name, context)


def _batch(asked: Asked) -> _Taken:
    for name, wanted in asked["RequestItems"].items():
        if isinstance(wanted, Mapping):
            items = wanted.get("Keys", [])
        else:
            items = [part.get("Item") or part.get("Key") for request in wanted for part in request.values()]
        yield from _on_table(asked, asked.operation, name, _leading(asked, name, items))


def _transaction(asked: Asked) -> _Taken:
    for entry in asked["TransactItems"]:
        for kind, item in entry.items():
            name, keys = item["TableName"], item.get("Key") or item.get("Item") or {}
            action = _WRITES.get(kind, "GetItem")
            yield from _on_table(asked, action, name, _leading(asked, name, [keys]))


def _searched(asked: Asked) -> _Taken:
    index = f"/index/{asked['IndexName']}" if asked["IndexName"] else ""
    yield from _on_table(asked, asked.operation, asked["TableName"], {}, index)


DYNAMODB: Rules = {
    **table(
        "dynamodb",
        {
            "table/{TableName}": (
                "CreateTable DeleteTable DescribeContinuousBackups DescribeTable DescribeTimeToLive"
                " UpdateContinuousBackups UpdateTable UpdateTimeToLive"
            ),
            "{ResourceArn}": "ListTagsOfResource TagResource UntagResource",
            "*": "DescribeLimits ListTables",
        },
    ),
    **dict.fromkeys(("DeleteItem", "GetItem", "PutItem", "UpdateItem"), _item),
    **dict.fromkeys(("BatchGetItem", "BatchWriteItem"), _batch),
    **dict.fromkeys(("TransactGetItems", "TransactWriteItems"), _transaction),
    **dict.fromkeys(("Query", "Scan"), _searched),
}
also(DYNAMODB, "CreateTable", given("Tags", on("dynamodb:TagResource", "table/{TableName}")))
