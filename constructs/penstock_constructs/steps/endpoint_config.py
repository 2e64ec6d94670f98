"""Create endpoint config: what is to serve, and on what."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from penstock_constructs.policy import allow
from penstock_constructs.steps.expression import inline, merged
from penstock_constructs.steps.step import (
    NO_ANSWER,
    SAGEMAKER_ERROR,
    Machine,
    Step,
    attempt,
    attempts,
    tag_list,
    task,
)

MAIN = "main"
_VOLUME_KEY = {"KmsKeyId": "${KeyArn}"}


@dataclass(frozen=True)
class Instances:
    """What serves is `count` instances, of the type that the run is to use."""

    count: int

    def variant(self) -> dict[str, Any]:
        """Return what a variant says of it."""
        return {"InstanceType": "{% $instance_types.deploy %}", "InitialInstanceCount": self.count}


@dataclass(frozen=True)
class Serverless:
    """What serves is there while it is called: with so much memory, for so many calls at a time."""

    memory_mb: int
    max_concurrency: int

    def variant(self) -> dict[str, Any]:
        """Return what a variant says of it."""
        return {"ServerlessConfig": {"MemorySizeInMB": self.memory_mb, "MaxConcurrency": self.max_concurrency}}


@dataclass(frozen=True)
class Beside:
    """The champion stays, and the new model is a second variant: `challenger`, or `shadow` whose answers are dropped.

    `percent` of the requests are answered by the challenger, or copied to the shadow.
    """

    variant: Literal["challenger", "shadow"]
    percent: int


@dataclass(frozen=True)
class Asynchronous:
    """Requests wait in S3, and are answered there; None leaves to SageMaker how many an instance works on at a time."""

    max_concurrent_per_instance: int | None


def create_endpoint_config(
    *,
    machine: Machine,
    host: Instances | Serverless,
    beside: Beside | None = None,
    capture_percent: int = 0,
    asynchronous: Asynchronous | None = None,
    then: str,
) -> Step:
    """Create an endpoint config of `model`.

    `capture_percent` of what is asked and answered is kept. It assigns `config`, its name, that nothing is `deployed`
    yet, and the variant that the new model `serves_as`: it is `main`, but where it is to be `beside` a champion, and is
    not a known model that comes back.
    """
    second = "$not($known) and $exists($champion.model)"
    base = {
        "EndpointConfigName": f"{{% {attempt(machine.name)} %}}",
        "ProductionVariants": _production(host, beside, second),
        **(_capture(capture_percent) if capture_percent else {}),
        **(_asynchronous(asynchronous) if asynchronous else {}),
        "Tags": tag_list(machine.tags),
    }
    # Where disks come with the instance, SageMaker refuses a key: their hardware encrypts them with one of its own.
    optional: list[tuple[str, Mapping[str, Any]]] = (
        [("$volume_keys.deploy", _VOLUME_KEY)] if isinstance(host, Instances) else []
    )
    if beside and beside.variant == "shadow":
        # Of the requests to a variant of weight 1, a shadow gets copies of as many as its own weight says.
        optional.append((f"({second})", {"ShadowProductionVariants": [_new(host, "shadow", beside.percent / 100)]}))
    state = task(
        "aws-sdk:sagemaker:createEndpointConfig",
        merged(base, *optional),
        timeout_seconds=60,
        retry_on=[SAGEMAKER_ERROR, *NO_ANSWER],
    )
    assigned = {
        "config": "{% $substringAfter($states.result.EndpointConfigArn, ':endpoint-config/') %}",
        "deployed": False,
        "serves_as": f"{{% {second} ? '{beside.variant}' : '{MAIN}' %}}" if beside else MAIN,
    }
    configs = attempts("endpoint-config", machine.name)
    return Step(
        states={"Create endpoint config": state | {"Assign": assigned, "Next": then}},
        statements=[allow("EndpointConfig", ["sagemaker:CreateEndpointConfig", "sagemaker:AddTags"], configs)],
        substitutions={"KeyArn": machine.key.arn},
    )


def pipeline_folder(path: str) -> str:
    """Return the `{% … %}` of a folder that is the pipeline's own, and not one run's."""
    return f"{{% $join($split($folder, '/')[[0..3]], '/') & '/{path}/' %}}"  # a pipeline may be named "runs"


def _production(host: Instances | Serverless, beside: Beside | None, second: str) -> Any:
    """Return the variants that answer: those of a share of the requests only if there is a champion to share with."""
    alone = [_new(host, MAIN, 1)]
    if beside is None:
        return alone
    champion = _new(host, MAIN, 1) | {"ModelName": "{% $champion.model %}"}
    together = [champion]
    if beside.variant == "challenger":
        champion["InitialVariantWeight"] = (100 - beside.percent) / 100
        together.append(_new(host, "challenger", beside.percent / 100))
    return f"{{% {second} ? {inline(together)} : {inline(alone)} %}}"


def _new(host: Instances | Serverless, variant: str, weight: float) -> dict[str, Any]:
    return {
        "VariantName": variant,
        "ModelName": "{% $model %}",
        **host.variant(),
        "InitialVariantWeight": weight,
    }


def _capture(percent: int) -> dict[str, Any]:
    return {
        "DataCaptureConfig": {
            "EnableCapture": True,
            "InitialSamplingPercentage": percent,
            "DestinationS3Uri": pipeline_folder("capture"),
            "KmsKeyId": "${KeyArn}",
            "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
            # Anything else is kept in Base64.
            "CaptureContentTypeHeader": {
                "CsvContentTypes": ["text/csv"],
                "JsonContentTypes": ["application/json"],
            },
        }
    }


def _asynchronous(asynchronous: Asynchronous) -> dict[str, Any]:
    output = {
        "S3OutputPath": pipeline_folder("async/output"),
        "S3FailurePath": pipeline_folder("async/failure"),
        "KmsKeyId": "${KeyArn}",
    }
    most = asynchronous.max_concurrent_per_instance
    client = {"ClientConfig": {"MaxConcurrentInvocationsPerInstance": most}} if most else {}
    return {"AsyncInferenceConfig": {"OutputConfig": output, **client}}
