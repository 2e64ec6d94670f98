"""Somebody who is subscribed to the topic."""

import json
import time
from typing import Any

# A hook that fails is called three times, and tries each of its own calls five times.
_REPORT_SECONDS = 120


class Mail:
    """A queue that gets all messages of a topic, and what has been read from it so far."""

    def __init__(self, clients: Any, topic: str) -> None:
        self._sqs = clients.operator("sqs")
        self._queue = self._sqs.create_queue(QueueName="mail")["QueueUrl"]
        named = {"QueueUrl": self._queue, "AttributeNames": ["QueueArn"]}
        arn = self._sqs.get_queue_attributes(**named)["Attributes"]["QueueArn"]
        allowed = {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
        self._sqs.set_queue_attributes(QueueUrl=self._queue, Attributes={"Policy": policy})
        clients.operator("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        self._read: list[str] = []

    def about(self, words: str) -> list[str]:
        """Return the messages so far that contain some words."""
        while messages := self._sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10).get("Messages", []):
            self._read += [json.loads(message["Body"])["Message"] for message in messages]
            for message in messages:
                self._sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=message["ReceiptHandle"])
        return [message for message in self._read if words in message]

    def wait_for(self, words: str, seconds: float = _REPORT_SECONDS) -> list[str]:
        """Return the messages that contain some words, as soon as there is one, or when the time is over."""
        deadline = time.monotonic() + seconds
        while not (found := self.about(words)) and time.monotonic() < deadline:
            time.sleep(0.1)
        return found
