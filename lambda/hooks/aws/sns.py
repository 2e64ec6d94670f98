"""SNS: what people are told."""

from hooks.aws import clients


def publish(topic: str, subject: str, message: str) -> None:
    """Publish a message on a topic."""
    clients.client("sns").publish(TopicArn=topic, Subject=subject, Message=message)
