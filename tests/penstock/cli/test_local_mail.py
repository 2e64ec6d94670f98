"""The mail of a cloud that stays."""

import time
from typing import Any


def test_mail_is_shown(cloud: Any, penstock: Any) -> None:
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="mail")["TopicArn"]
    for address in ("a@example.com", "b@example.com"):
        sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=address)
    sns.publish(TopicArn=topic, Message="The endpoint is unaffected.", Subject="bigmart failed")
    deadline = time.monotonic() + 20
    while "\n1 in " not in (shown := penstock("local", "mail", "--to", "b@example.com", **cloud.variables).said):
        assert time.monotonic() < deadline, shown
    first, body = shown.splitlines()[:2]
    assert first.endswith("b@example.com  bigmart failed")
    assert body == "The endpoint is unaffected."


def test_without_a_cloud_it_says_what_to_do(penstock: Any) -> None:
    ended = penstock("local", "mail")
    assert ended.code == 1
    assert "AWS_ENDPOINT_URL is not set" in ended.said


def test_help_has_an_example(penstock: Any) -> None:
    assert "penstock local mail --to ml-ops@example.com" in penstock("local", "mail", "--help").said
