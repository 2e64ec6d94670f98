"""What a training job is like, whether it is one alone or one of those that tune."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from penstock_constructs.steps.job import cluster
from penstock_constructs.steps.network import Network
from penstock_constructs.steps.step import State

# What a state assigns of the description of the job whose model goes on; the last value of each metric that it printed.
TRAINED: State = {
    # A job that was stopped, by its time limit too, may leave a model behind: half of one.
    "artefact": (
        "{% $states.result.TrainingJobStatus = 'Completed' ? $states.result.ModelArtifacts.S3ModelArtifacts"
        " : $error('The training job ' & $states.result.TrainingJobName & ' did not complete: '"
        " & $states.result.SecondaryStatus) %}"
    ),
    "training_job": "{% $states.result.TrainingJobName %}",
    "training_metrics": (
        "{% $count($states.result.FinalMetricDataList) > 0"
        " ? $merge($states.result.FinalMetricDataList.{MetricName: Value}) : {} %}"
    ),
}


@dataclass(frozen=True)
class Training:
    """A training job: the metrics that its program prints, what it runs on, and for how long.

    With `max_wait_seconds` it runs on spare capacity, which it may wait for, and be interrupted; `checkpoints` keeps
    what it writes to /opt/ml/checkpoints, from attempt to attempt. Several instances each get all of the training rows,
    or if `sharded` a part of the files.
    """

    metrics: Sequence[str]
    volume_gb: int
    max_runtime_seconds: int
    instance_count: int = 1
    sharded: bool = False
    validation: bool = True
    max_wait_seconds: int | None = None
    checkpoints: bool = False
    max_retries: int = 0
    keep_alive_seconds: int = 0
    network: Network = field(default_factory=Network)

    @property
    def longest_seconds(self) -> int:
        """How long it may take, with its waiting, retries and interruptions."""
        return self.max_wait_seconds or self.max_runtime_seconds

    def request(self) -> dict[str, Any]:
        """Return what defines the training jobs of a tuning job.

        They have no place for checkpoints, where each would go on from another's; and they keep no instances warm.
        """
        return self._request(keep_alive_seconds=0)

    def request_alone(self) -> dict[str, Any]:
        """Return what defines a training job that is one alone."""
        kept = {"CheckpointConfig": {"S3Uri": "{% $folder & '/checkpoints/' %}"}} if self.checkpoints else {}
        return self._request(keep_alive_seconds=self.keep_alive_seconds) | kept

    def _request(self, *, keep_alive_seconds: int) -> dict[str, Any]:
        parts = [("train", self.sharded), *([("validation", False)] if self.validation else [])]
        waiting = {"MaxWaitTimeInSeconds": self.max_wait_seconds} if self.max_wait_seconds else {}
        spot = {"EnableManagedSpotTraining": True} if self.max_wait_seconds else {}
        warm = f", 'KeepAlivePeriodInSeconds': {keep_alive_seconds}" if keep_alive_seconds else ""
        retried = {"RetryStrategy": {"MaximumRetryAttempts": self.max_retries}} if self.max_retries else {}
        return {
            "RoleArn": "${ExecutionRoleArn}",
            "AlgorithmSpecification": {
                "TrainingImage": "{% $image %}",
                "TrainingInputMode": "File",
                "MetricDefinitions": [
                    {"Name": metric, "Regex": f"metric {metric}=([0-9.eE+-]+);"} for metric in self.metrics
                ],
            },
            "InputDataConfig": [_channel(name, sharded=sharded) for name, sharded in parts],
            "OutputDataConfig": {"S3OutputPath": "{% $folder & '/output/' %}", "KmsKeyId": "${KeyArn}"},
            "ResourceConfig": cluster("train", instance_count=self.instance_count, volume_gb=self.volume_gb, more=warm),
            "StoppingCondition": {"MaxRuntimeInSeconds": self.max_runtime_seconds, **waiting},
            **self.network.settings(),
            **spot,
            **retried,
        }


def _channel(name: str, *, sharded: bool) -> dict[str, Any]:
    return {
        "ChannelName": name,
        "ContentType": "text/csv",
        "DataSource": {
            "S3DataSource": {
                "S3DataType": "S3Prefix",
                "S3Uri": f"{{% $folder & '/processed/{name}/' %}}",
                "S3DataDistributionType": "ShardedByS3Key" if sharded else "FullyReplicated",
            }
        },
    }
