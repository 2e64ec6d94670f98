"""What the jobs have in common that the machine waits for: `.sync` is Step Functions' word for it."""

from typing import Any

from penstock_constructs.policy import Arn, Statement, allow, arn
from penstock_constructs.steps.step import Machine, State, attempts, task

# How long a job may wait for its instances and bring its image and its data, beside the time that it runs.
_PROVISIONING_SECONDS = 1800
# Errors of the call: what the job itself fails with it would fail with again, and cost again. Where the call's answer
# was lost, there may be a job that nobody waits for: the next one has a name of its own.
_RETRIED = ("SageMaker.AmazonSageMakerException", "SageMaker.ResourceInUseException", "SageMaker.SdkClientException")
_RULE_CALLS = ("PutTargets", "PutRule", "DescribeRule")


def run_job(operation: str, arguments: Any, *, max_runtime_seconds: int) -> State:
    """Return the state of a job that runs to its end."""
    seconds = max_runtime_seconds + _PROVISIONING_SECONDS
    return task(f"sagemaker:{operation}.sync", arguments, timeout_seconds=seconds, retry_on=_RETRIED)


def cluster(use: str, *, instance_count: int, volume_gb: int, more: str = "") -> str:
    """Return the JSONata of the instances that do what `instance_types` has under `use`; `more` are members of it.

    Where disks come with the instance, SageMaker refuses a key: their hardware encrypts them with one of its own.
    """
    return (
        f"{{% $merge([{{'InstanceType': $instance_types.{use}, 'InstanceCount': {instance_count}, "
        f"'VolumeSizeInGB': {volume_gb}{more}}}, "
        f"$volume_keys.{use} ? {{'VolumeKmsKeyId': '${{KeyArn}}'}} : {{}}]) %}}"
    )


def job_permissions(machine: Machine, kind: str, *names: str) -> list[Statement]:
    """Return what it takes to run jobs of a `kind`, such as training-job, whose names begin with one of `names`.

    Beside the calls that it makes, .sync lists the job's tags, and hears of its end by a rule:
    https://docs.aws.amazon.com/step-functions/latest/dg/sagemaker-iam.html
    """
    word = "".join(part.capitalize() for part in kind.split("-"))
    calls = [f"sagemaker:{verb}{word}" for verb in ("Create", "Describe", "Stop")]
    rule = f"StepFunctionsGetEventsForSageMaker{word.removeprefix('HyperParameter')}sRule"
    resources: list[Arn] = [resource for name in names for resource in attempts(kind, name)]
    return [
        allow(f"{word}s", [*calls, "sagemaker:AddTags", "sagemaker:ListTags"], resources),
        allow(f"{word}Events", [f"events:{call}" for call in _RULE_CALLS], arn("events", f"rule/{rule}")),
        machine.role.allow_passing("PassRole"),
        machine.key.allow_volumes("Volumes"),
    ]


def job_substitutions(machine: Machine) -> dict[str, str]:
    """Return the values of the placeholders that every job has."""
    return {"ExecutionRoleArn": machine.role.arn, "KeyArn": machine.key.arn}
