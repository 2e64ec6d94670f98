"""The operations on training jobs."""

from penstock.local.service import JsonObject
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.jobs.jobs import Jobs
from penstock.local.services.sagemaker.jobs.metrics import check_definitions
from penstock.local.services.sagemaker.jobs.training_checks import check_request
from penstock.local.services.sagemaker.jobs.training_job import TRAINING, TrainingJob
from penstock.local.services.sagemaker.jobs.training_run import TrainingRun
from penstock.local.services.sagemaker.keys import check_disks, key_arn
from penstock.local.services.sagemaker.roles import check_input, check_role, resolve_image
from penstock.local.services.sagemaker.s3 import S3Uri
from penstock.local.services.sagemaker.served import ANY, check

_CHANNEL = {
    "ChannelName": ANY,
    "ContentType": ANY,
    "RecordWrapperType": ("None",),
    "CompressionType": ("None",),
    "InputMode": ("File",),
    "DataSource": {
        "S3DataSource": {"S3DataType": ("S3Prefix",), "S3Uri": ANY, "S3DataDistributionType": ANY},
    },
}
# What has no effect on a laptop (network, encrypted disks, spot, retries of AWS's own faults) is accepted.
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
    "ResourceConfig": {"InstanceType": ANY, "InstanceCount": (1,), "VolumeSizeInGB": ANY, "VolumeKmsKeyId": ANY},
    "StoppingCondition": ANY,
    "Tags": ANY,
    "VpcConfig": ANY,
    "EnableNetworkIsolation": ANY,
    "EnableInterContainerTrafficEncryption": ANY,
    "EnableManagedSpotTraining": ANY,
    "ExperimentConfig": ANY,
    "ProfilerConfig": ANY,
    "RetryStrategy": ANY,
}


class Training(Jobs):
    """The training jobs of this cloud."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, TRAINING)

    def _check(self, request: JsonObject) -> None:
        check(request, _SERVED)
        check_request(request)
        check_definitions(request["AlgorithmSpecification"].get("MetricDefinitions", []))
        S3Uri.parse(request["OutputDataConfig"]["S3OutputPath"])

    def _prepared(self, request: JsonObject, arn: str) -> TrainingRun:
        context, role, resources = self._context, request["RoleArn"], request["ResourceConfig"]
        image = request["AlgorithmSpecification"]["TrainingImage"]
        check_role(context, role, arn)
        if request["OutputDataConfig"].get("KmsKeyId"):
            key_arn(context, request["OutputDataConfig"]["KmsKeyId"])
        check_disks(context, resources["InstanceType"], resources.get("VolumeKmsKeyId"), "VolumeKmsKeyId")
        resolve_image(context, role, image, arn)
        for channel in request.get("InputDataConfig", []):
            check_input(context, role, channel["DataSource"]["S3DataSource"]["S3Uri"], arn)
        return TrainingRun(context, TrainingJob(context, request), context.programs.program(image), role)

    def _restored(self, request: JsonObject, state: JsonObject) -> TrainingJob:
        return TrainingJob(self._context, request, state)
