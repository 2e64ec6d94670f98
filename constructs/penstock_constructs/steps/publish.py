"""Publish: people are told, and the execution ends."""

from penstock_constructs.key import Key
from penstock_constructs.policy import allow
from penstock_constructs.steps.step import Step, task
from penstock_constructs.topic import Topic


def publish(*, topic: Topic, key: Key, endpoint: str) -> Step:
    """Say on the topic what is served now, and end the execution with it."""
    message = (
        f"{{% 'Endpoint {endpoint} serves ' & $model & ', of run ' & $run & '. It passed the smoke test."
        " Its metrics on the rows held out: ' & $string($metrics) & '. Nothing is to be done.' %}"
    )
    state = task(
        "sns:publish",
        {"TopicArn": "${TopicArn}", "Subject": f"{endpoint}: a new model is in service", "Message": message},
        timeout_seconds=60,
        retry_on=["States.TaskFailed", "States.Timeout"],  # told twice is better than not at all
    )
    output = {
        "outcome": "DEPLOYED",
        "model": "{% $model %}",
        "endpoint": endpoint,
        "endpoint_config": "{% $config %}",
        "run": "{% $run %}",
        "metrics": "{% $metrics %}",
    }
    return Step(
        states={"Publish": state | {"Output": output, "End": True}},
        statements=[allow("Publish", "sns:Publish", topic.arn), key.allow_use("PublishEncrypted", via="sns")],
        substitutions={"TopicArn": topic.arn},
    )
