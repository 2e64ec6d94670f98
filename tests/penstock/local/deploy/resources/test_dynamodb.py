from typing import Any

KEY = [{"AttributeName": "endpoint", "KeyType": "HASH"}]
INDEX = {
    "IndexName": "owners",
    "KeySchema": [{"AttributeName": "owner", "KeyType": "HASH"}],
    "Projection": {"ProjectionType": "ALL"},
}
FULL: dict[str, Any] = {
    "AttributeDefinitions": [
        {"AttributeName": "endpoint", "AttributeType": "S"},
        {"AttributeName": "owner", "AttributeType": "S"},
    ],
    "BillingMode": "PAY_PER_REQUEST",
    "DeletionProtectionEnabled": "false",
    "GlobalSecondaryIndexes": [INDEX],
    "KeySchema": KEY,
    "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
    "SSESpecification": {"SSEEnabled": True},
    "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
    "TableName": "dev-locks",
    "TimeToLiveSpecification": {"AttributeName": "expires", "Enabled": True},
}
LEAST = {name: FULL[name] for name in ("KeySchema", "TableName", "BillingMode")}
LEAST["AttributeDefinitions"] = FULL["AttributeDefinitions"][:1]


def table(**properties: Any) -> dict[str, Any]:
    return {"Locks": {"Type": "AWS::DynamoDB::Table", "Properties": properties}}


def described(account: Any) -> dict[str, Any]:
    return dict(account.client("dynamodb").describe_table(TableName="dev-locks")["Table"])


def extras(account: Any) -> tuple[str, str]:
    dynamodb = account.client("dynamodb")
    expiry = dynamodb.describe_time_to_live(TableName="dev-locks")["TimeToLiveDescription"]["TimeToLiveStatus"]
    backups = dynamodb.describe_continuous_backups(TableName="dev-locks")["ContinuousBackupsDescription"]
    return expiry, backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]


def test_every_property_of_a_table_is_applied(account: Any) -> None:
    outputs = {name: {"Value": {"Fn::GetAtt": ["Locks", name]}} for name in ("Arn", "StreamArn")}
    stack = account.deploy(table(**FULL), Outputs=outputs)
    found = described(account)
    assert (found["TableArn"], found["LatestStreamArn"]) == (stack.outputs["Arn"], stack.outputs["StreamArn"])
    assert found["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert found["KeySchema"] == KEY
    assert [index["IndexName"] for index in found["GlobalSecondaryIndexes"]] == ["owners"]
    assert found["SSEDescription"]["Status"] == "ENABLED"
    assert extras(account) == ("ENABLED", "ENABLED")


def test_a_table_is_changed_in_place(account: Any) -> None:
    account.deploy(table(**LEAST))
    account.deploy(table(**FULL))
    assert "dynamodb:CreateTable" not in account.calls
    assert [index["IndexName"] for index in described(account)["GlobalSecondaryIndexes"]] == ["owners"]
    account.deploy(table(**LEAST))
    assert described(account)["GlobalSecondaryIndexes"] == []
    assert extras(account) == ("DISABLED", "DISABLED")
    account.deployer.destroy("dev-app")
    assert account.client("dynamodb").list_tables()["TableNames"] == []
