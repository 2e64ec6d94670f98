"""Publish: people are told, and the execution ends: what came of it, whatever it is."""

from typing import Literal

from penstock_constructs.policy import allow
from penstock_constructs.steps.step import Machine, Step, task
from penstock_constructs.topic import Topic

_REASONS = "$join($reasons, ' ')"
_MEASURED = (
    "($metrics = {} ? '' : ' Its metrics on the test rows: ' & $string($metrics) & '.')"
    " & ($evaluation = '' ? '' : ' Its report: ' & $evaluation & 'report.html.')"
)


def publish(*, machine: Machine, topic: Topic, kind: Literal["endpoint", "batch"]) -> Step:
    """Say on the topic what came of the run, and end the execution with it.

    A model that is not good enough, or not approved, and a run that gave way to a newer one are outcomes, not failures.
    """
    name, endpoint = machine.name, kind == "endpoint"
    deployed = (
        f"'Endpoint {name} serves ' & $model & ($serves_as = 'main' ? '' : ' as its ' & $serves_as)"
        " & ', generation ' & $string($generation) & ', of run ' & $run & '. It passed the smoke test.'"
        if endpoint
        else "'The predictions of ' & $model & ', generation ' & $string($generation) & ', of run ' & $run"
        " & ', are at ' & $predictions & '.'"
    )
    untouched = f"Endpoint {name} serves what it served before." if endpoint else "Nothing was predicted."
    message = (
        f"{{% $outcome = 'DEPLOYED' ? {deployed} & {_MEASURED} & ' Nothing is to be done.'"
        f" : 'Run ' & $run & ' deployed nothing. ' & {_REASONS} & ' {untouched}' & {_MEASURED} %}}"
    )
    subject = (
        f"{{% '{name}: ' & ($outcome = 'DEPLOYED' ? '{'a new model is in service' if endpoint else 'predicted'}'"
        " : $outcome = 'REJECTED' ? 'a new model was rejected' : 'a run gave way to a newer one') %}"
    )
    state = task(
        "sns:publish",
        {"TopicArn": "${TopicArn}", "Subject": subject, "Message": message},
        timeout_seconds=60,
        retry_on=["States.TaskFailed", "States.Timeout"],  # told twice is better than not at all
    )
    output = {
        "outcome": "{% $outcome %}",
        "pipeline": name,
        "run": "{% $run %}",
        "generation": "{% $generation = 0 ? null : $generation %}",
        "model": "{% $model = '' ? null : $model %}",
        "endpoint": name if endpoint else None,
        "endpoint_config": "{% $config = '' ? null : $config %}",
        "reasons": "{% $reasons %}",
        "metrics": "{% $metrics %}",
        "champion": "{% $judged.champion %}",
        "comparison": "{% $judged.comparison %}",
        "report": "{% $evaluation = '' ? null : $evaluation & 'report.html' %}",
        **({} if endpoint else {"predictions": "{% $predictions = '' ? null : $predictions %}"}),
    }
    return Step(
        states={"Publish": state | {"Output": output, "End": True}},
        statements=[allow("Publish", "sns:Publish", topic.arn), machine.key.allow_use("PublishEncrypted", via="sns")],
        substitutions={"TopicArn": topic.arn},
    )
