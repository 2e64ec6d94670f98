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


def test_a_named_topic_and_its_subscriptions_attributes_are_applied(account: Any) -> None:
    def resources(**properties: Any) -> dict[str, Any]:
        topic = {"TopicName": "dev-news", "TracingConfig": "Active"}
        where = {"Endpoint": "arn:aws:sqs:us-east-1:123456789012:news", "Protocol": "sqs", "TopicArn": {"Ref": "Topic"}}
        return {
            "Topic": {"Type": "AWS::SNS::Topic", "Properties": topic},
            "Queue": {"Type": "AWS::SNS::Subscription", "Properties": where | properties},
        }

    def subscribed() -> dict[str, str]:
        [found] = sns.list_subscriptions()["Subscriptions"]
        return dict(sns.get_subscription_attributes(SubscriptionArn=found["SubscriptionArn"])["Attributes"])

    sns = account.client("sns")
    account.client("sqs").create_queue(QueueName="news")
    account.deploy(resources(FilterPolicy={"kind": ["failed"]}, RawMessageDelivery=True))
    assert attributes(account)["TopicArn"].endswith(":dev-news")
    assert (json.loads(subscribed()["FilterPolicy"]), subscribed()["RawMessageDelivery"]) == (
        {"kind": ["failed"]},
        "true",
    )
    account.deploy(resources(FilterPolicy={"kind": ["done"]}))
    assert "sns:Subscribe" not in account.calls
    assert (json.loads(subscribed()["FilterPolicy"]), subscribed()["RawMessageDelivery"]) == (
        {"kind": ["done"]},
        "false",
    )


def test_a_topic_in_order_has_the_ending_of_one(account: Any) -> None:
    account.deploy({"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"FifoTopic": "true"}}})
    assert attributes(account)["TopicArn"].endswith(".fifo")
