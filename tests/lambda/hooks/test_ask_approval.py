from collections.abc import Callable

import pytest
from botocore.stub import ANY, Stubber

from hooks.ask_approval import handler

Stub = Callable[[str], Stubber]


def test_the_token_is_kept_and_people_are_asked(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {
        "TABLE": "dev-deployments",
        "NAME": "dev-bigmart",
        "PIPELINE": "bigmart",
        "TOPIC_ARN": "arn:aws:sns:t",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    asked = {
        "TableName": "dev-deployments",
        "Key": {"endpoint": {"S": "dev-bigmart"}},
        "UpdateExpression": "SET approval = :approval",
        "ConditionExpression": "#owner = :execution",
        "ExpressionAttributeNames": {"#owner": "owner"},
        "ExpressionAttributeValues": {
            ":approval": {
                "M": {
                    "token": {"S": "AAAA"},
                    "execution": {"S": "arn:execution"},
                    "package": {"S": "arn:package"},
                    "asked": {"S": ANY},
                }
            },
            ":execution": {"S": "arn:execution"},
        },
    }
    dynamodb, sns = stub("dynamodb"), stub("sns")
    dynamodb.add_response("update_item", {}, asked)
    message = {"TopicArn": "arn:aws:sns:t", "Subject": "dev-bigmart: generation 5 waits for approval", "Message": ANY}
    sns.add_response("publish", {"MessageId": "1"}, message)
    event = {
        "token": "AAAA",
        "execution": "arn:execution",
        "package": "arn:package",
        "run": "7c1f09ab",
        "generation": 5,
        "report": "s3://artefacts/report.html",
        "judged": {"challenger": {"metrics": {}}, "champion": None, "comparison": None},
        "hours": 72,
    }
    handler(event, None)
    sns.assert_no_pending_responses()
    dynamodb.assert_no_pending_responses()
