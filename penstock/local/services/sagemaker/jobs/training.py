"""The operations on training jobs."""

from penstock.local.service import JsonObject
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.jobs.checkpoints import check_checkpoints
from penstock.local.services.sagemaker.jobs.jobs import Jobs
from penstock.local.services.sagemaker.jobs.metrics import check_definitions
from penstock.local.services.sagemaker.jobs.training_checks import check_request
from penstock.local.services.sagemaker.jobs.training_job import TRAINING, TrainingJob
from penstock.local.services.sagemaker.jobs.training_run import TrainingRun
from penstock.local.services.sagemaker.jobs.warm_pools import check_warm_pool, take
from penstock.local.services.sagemaker.keys import check_disks, key_arn
from penstock.local.services.sagemaker.roles import check_input, check_role, resolve_image
from penstock.local.services.sagemaker.s3 import S3Uri
from penstock.local.services.sagemaker.served import ANY, check
from penstock.local.services.sagemaker.vpc import check_vpc

_CHANNEL = {
    "ChannelName": ANY,
    "ContentType": ANY,
    "RecordWrapperType": ("None",),
    "CompressionType": ("None",),
    "InputMode": ("File",),
    "DataSource": {
        "S3DataSource": {
            "S3DataType": ("S3Prefix", "ManifestFile"),
            "S3Uri": ANY,
            "S3DataDistributionType": ANY,
        },
    },
}
# What has no effect on a laptop (network, encrypted disks and traffic) is accepted.
_SERVED = {
    "TrainingJobName": ANY,
    "AlgorithmSpecification": {
        "TrainingImage": ANY,
        "TrainingInputMode": ("File",),
        "MetricDefinitions": ANY,
        "EnableSageMakerMetricsTimeSeries": ANY,
    },
    "RoleArn": ANY,
    "HyperParameters": ANY,
    "Environment": ANY,
    "InputDataConfig": [_CHANNEL],
    "OutputDataConfig": {"S3OutputPath": ANY, "KmsKeyId": ANY, "CompressionType": ("GZIP",)},
    "ResourceConfig": {
        "InstanceType": ANY,
        "InstanceCount": ANY,
        "VolumeSizeInGB": ANY,
        "VolumeKmsKeyId": ANY,
        "KeepAlivePeriodInSeconds": ANY,
    },
    "StoppingCondition": {"MaxRuntimeInSeconds": ANY, "MaxWaitTimeInSeconds": ANY, "MaxPendingTimeInSeconds": ANY},
    "CheckpointConfig": ANY,
    "Tags": ANY,
    "VpcConfig": ANY,
    "EnableNetworkIsolation": ANY,
    "EnableInterContainerTrafficEncryption": ANY,
    "EnableManagedSpotTraining": ANY,
    "ExperimentConfig": ANY,
    "ProfilerConfig": ANY,
    "RetryStrategy": ANY,
}


class Training(Jobs[TrainingJob]):
    """The training jobs of this cloud."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, TRAINING)

    def check(self, request: JsonObject, arn: str) -> None:
        """Refuse what CreateTrainingJob refuses, but for a name that is taken; `arn` is of what the job is for.

        Raises:
            AwsError: it is not valid, not served, or lacks a role, an image, data or a key.
        """
        self._check(request)
        self._check_surroundings(request, arn)

    def launch(self, request: JsonObject, tuning_arn: str, file_bytes: int) -> TrainingRun:
        """Start a training job of a tuning job, whose programs may write files of so many bytes at most.

        Raises:
            AwsError: its name is taken.
        """
        run = self._run(request)
        run.job.found(TuningJobArn=tuning_arn)
        run.file_bytes = file_bytes
        self._start(run)
        return run

    def _check(self, request: JsonObject) -> None:
        check(request, _SERVED)
        check_request(request)
        check_definitions(request["AlgorithmSpecification"].get("MetricDefinitions", []))
        S3Uri.parse(request["OutputDataConfig"]["S3OutputPath"])
        check_warm_pool(request)
        check_vpc(request.get("VpcConfig"))
        if "CheckpointConfig" in request:
            check_checkpoints(request["CheckpointConfig"])

    def _prepared(self, request: JsonObject, arn: str) -> TrainingRun:
        self._check_surroundings(request, arn)
        return self._run(request)

    def _run(self, request: JsonObject) -> TrainingRun:
        job = TrainingJob(self._context, request)
        with self._context.lock:
            take(job, self._jobs.values())
        return TrainingRun(self._context, job)

    def _restored(self, request: JsonObject, state: JsonObject) -> TrainingJob:
        return TrainingJob(self._context, request, state)

    def _check_surroundings(self, request: JsonObject, arn: str) -> None:
        context, role, resources = self._context, request["RoleArn"], request["ResourceConfig"]
        image = request["AlgorithmSpecification"]["TrainingImage"]
        check_role(context, role, arn)
        if request["OutputDataConfig"].get("KmsKeyId"):
            key_arn(context, request["OutputDataConfig"]["KmsKeyId"])
        check_disks(context, resources["InstanceType"], resources.get("VolumeKmsKeyId"), "VolumeKmsKeyId")
        resolve_image(context, role, image, arn)
        context.programs.check(image)
        for channel in request.get("InputDataConfig", []):
            check_input(context, role, channel["DataSource"]["S3DataSource"]["S3Uri"], arn)
