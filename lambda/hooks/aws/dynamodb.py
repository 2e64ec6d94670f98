"""DynamoDB: the table of deployments."""

from collections.abc import Mapping

from botocore.exceptions import ClientError

from hooks.aws import clients


def keep_approval(table: str, endpoint: str, approval: Mapping[str, str]) -> None:
    """Keep what is to be approved beside the lock that its execution has on the endpoint."""
    clients.client("dynamodb").update_item(
        TableName=table,
        Key={"endpoint": {"S": endpoint}},
        UpdateExpression="SET approval = :approval",
        ConditionExpression="#owner = :execution",
        ExpressionAttributeNames={"#owner": "owner"},  # a word of DynamoDB's own
        ExpressionAttributeValues={
            ":approval": {"M": {name: {"S": value} for name, value in approval.items()}},
            ":execution": {"S": approval["execution"]},
        },
    )


def release_lock(table: str, endpoint: str, execution: str) -> None:
    """Release the lock that an execution has on the endpoint; what it has not got is left."""
    try:
        clients.client("dynamodb").update_item(
            TableName=table,
            Key={"endpoint": {"S": endpoint}},
            UpdateExpression="REMOVE #owner, expires, approval",
            ConditionExpression="#owner = :execution",
            ExpressionAttributeNames={"#owner": "owner"},
            ExpressionAttributeValues={":execution": {"S": execution}},
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
