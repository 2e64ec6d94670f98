"""Processing jobs: a program that reads folders and writes folders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from penstock_constructs.steps.job import cluster, job_permissions, job_substitutions, run_job
from penstock_constructs.steps.network import Network
from penstock_constructs.steps.step import Machine, Step, attempt, tag_list


@dataclass(frozen=True)
class Processing:
    """What a processing job runs on, and what it runs.

    `image` stands in the request as it is here: a placeholder, whose value is in `substitutions`, or an expression.
    `use` is the name of the instance type in `$instance_types`. An image that has the programs runs each by its name.
    One that has not is brought the files `programs`, S3 URIs, each to the folder that it is named for; then `run` is
    what comes before the name: what runs them, with their paths in the container.
    """

    image: str
    use: str
    volume_gb: int
    max_runtime_seconds: int
    instance_count: int = 1
    network: Network = field(default_factory=Network)
    programs: Mapping[str, str] = field(default_factory=dict)
    run: Sequence[str] = ()
    substitutions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Input:
    """A folder that a job reads, which its program is given as `--name`.

    It is what is below the S3 URI `uri`, an expression; where there is a `condition`, an expression too, only if that
    holds.
    """

    name: str
    uri: str
    condition: str = ""

    @property
    def arguments(self) -> str:
        """The expressions of the program's arguments."""
        option = f"'--{self.name}', '{_folder(self.name)}'"
        # An array leaves out what a condition without an else does not give.
        return f"({self.condition} ? [{option}])" if self.condition else option

    @property
    def channel(self) -> str:
        """The expression of the job's input."""
        source = (
            f"'S3Uri': {self.uri}, 'LocalPath': '{_folder(self.name)}', 'S3DataType': 'S3Prefix',"
            " 'S3InputMode': 'File', 'S3DataDistributionType': 'FullyReplicated'"
        )
        channel = f"{{'InputName': '{self.name}', 'S3Input': {{{source}}}}}"
        return f"({self.condition} ? {channel})" if self.condition else channel


def processing(
    state: str,
    *,
    machine: Machine,
    job: Processing,
    suffix: str,
    command: str,
    inputs: Sequence[Input],
    output: str,
    continuous: bool = False,
    more_outputs: Mapping[str, str] | None = None,
    more_arguments: Sequence[str] = (),
    assign: Mapping[str, Any] | None = None,
    then: str,
) -> Step:
    """Run a processing job to its end; its name is the machine's and `suffix`.

    Its program is given `inputs` and, as `--output`, the folder whose files go to the S3 URI `output`, an expression:
    at its end, or if `continuous` all the while, so that they are there even if it fails. `more_outputs` are folders
    beside that one, by name, each with its S3 URI; `more_arguments` are expressions of more.
    """
    name = f"{machine.name}-{suffix}"
    outputs = {"output": output, **(more_outputs or {})}
    arguments = [*(one.arguments for one in inputs), f"'--output', '{_folder('output')}'", *more_arguments]
    request = {
        "ProcessingJobName": f"{{% {attempt(name)} %}}",
        "RoleArn": "${ExecutionRoleArn}",
        "AppSpecification": {
            "ImageUri": job.image,
            "ContainerEntrypoint": [*job.run, command],
            "ContainerArguments": _listed(arguments),
        },
        "ProcessingInputs": _listed([one.channel for one in (*inputs, *_programs(job))]),
        "ProcessingOutputConfig": _output_config(outputs, continuous=continuous),
        "ProcessingResources": {
            "ClusterConfig": cluster(job.use, instance_count=job.instance_count, volume_gb=job.volume_gb)
        },
        "NetworkConfig": job.network.settings(),
        "StoppingCondition": {"MaxRuntimeInSeconds": job.max_runtime_seconds},
        "Tags": tag_list(machine.tags),
    }
    task = run_job("createProcessingJob", request, max_runtime_seconds=job.max_runtime_seconds)
    return Step(
        states={state: task | ({"Assign": dict(assign)} if assign else {}) | {"Next": then}},
        statements=job_permissions(machine, "processing-job", name),
        substitutions={**job_substitutions(machine), **job.substitutions},
    )


def _output_config(uris: Mapping[str, str], *, continuous: bool) -> dict[str, Any]:
    mode = "Continuous" if continuous else "EndOfJob"
    targets = {
        name: {"S3Uri": f"{{% {uri} %}}", "LocalPath": _folder(name), "S3UploadMode": mode}
        for name, uri in uris.items()
    }
    return {
        "Outputs": [{"OutputName": name, "S3Output": target} for name, target in targets.items()],
        "KmsKeyId": "${KeyArn}",
    }


def _programs(job: Processing) -> list[Input]:
    return [Input(name, f"'{uri}'") for name, uri in job.programs.items()]


def _folder(name: str) -> str:
    return f"/opt/ml/processing/{name}"


def _listed(expressions: Sequence[str]) -> str:
    return f"{{% [{', '.join(expressions)}] %}}"
