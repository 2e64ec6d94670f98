import json
from typing import Any

TOPIC = {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "Penstock", "KmsMasterKeyId": "key"}}


def policy(sid: str) -> dict[str, Any]:
    document = {"Version": "2012-10-17", "Statement": [{"Sid": sid, "Effect": "Allow"}]}
    return {"Type": "AWS::SNS::TopicPolicy", "Properties": {"PolicyDocument": document, "Topics": [{"Ref": "Topic"}]}}


def attributes(account: Any) -> dict[str, str]:
    [topic] = account.client("sns").list_topics()["Topics"]
    return dict(account.client("sns").get_topic_attributes(TopicArn=topic["TopicArn"])["Attributes"])


def test_every_property_of_a_topic_is_applied_and_changed(account: Any) -> None:
    account.deploy({"Topic": TOPIC})
    assert attributes(account)["DisplayName"] == "Penstock"
    assert attributes(account)["KmsMasterKeyId"] == "key"
    account.deploy({"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"KmsMasterKeyId": "other"}}})
    assert attributes(account)["DisplayName"] == ""
    assert attributes(account)["KmsMasterKeyId"] == "other"


def test_a_topic_has_its_policy_until_that_is_removed(account: Any) -> None:
    account.deploy({"Topic": TOPIC, "Policy": policy("First")})
    assert json.loads(attributes(account)["Policy"])["Statement"][0]["Sid"] == "First"
    account.deploy({"Topic": TOPIC, "Policy": policy("Second")})
    assert json.loads(attributes(account)["Policy"])["Statement"][0]["Sid"] == "Second"
    account.deploy({"Topic": TOPIC})
    assert json.loads(attributes(account)["Policy"])["Id"] == "__default_policy_ID"


def test_a_changed_subscription_is_a_new_one(account: Any) -> None:
    def subscription(address: str) -> dict[str, Any]:
        properties = {"Endpoint": address, "Protocol": "email", "TopicArn": {"Ref": "Topic"}}
        return {"Topic": TOPIC, "Email": {"Type": "AWS::SNS::Subscription", "Properties": properties}}

    account.deploy(subscription("a@example.com"))
    account.deploy(subscription("b@example.com"))
    [found] = account.client("sns").list_subscriptions()["Subscriptions"]
    assert (found["Endpoint"], found["Protocol"]) == ("b@example.com", "email")
