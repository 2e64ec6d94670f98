"""The operations on processing jobs."""

from pathlib import PurePosixPath

from penstock.local.service import AwsError, JsonObject
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.jobs.job import Job, JobKind
from penstock.local.services.sagemaker.jobs.jobs import Jobs
from penstock.local.services.sagemaker.jobs.processing_run import ROOT, ProcessingRun
from penstock.local.services.sagemaker.keys import check_disks, key_arn
from penstock.local.services.sagemaker.roles import check_input, check_role, resolve_image
from penstock.local.services.sagemaker.s3 import S3Uri
from penstock.local.services.sagemaker.served import ANY, check
from penstock.local.services.sagemaker.vpc import check_vpc

PROCESSING = JobKind("Processing")
_SERVED = {
    "ProcessingJobName": ANY,
    "ProcessingInputs": [
        {
            "InputName": ANY,
            "AppManaged": (False,),
            "S3Input": {
                "S3Uri": ANY,
                "LocalPath": ANY,
                "S3DataType": ANY,
                "S3InputMode": ("File",),
                "S3DataDistributionType": ANY,
                "S3CompressionType": ("None",),
            },
        }
    ],
    "ProcessingOutputConfig": {
        "Outputs": [
            {
                "OutputName": ANY,
                "AppManaged": (False,),
                "S3Output": {"S3Uri": ANY, "LocalPath": ANY, "S3UploadMode": ANY},
            }
        ],
        "KmsKeyId": ANY,
    },
    "ProcessingResources": {
        "ClusterConfig": {"InstanceCount": ANY, "InstanceType": ANY, "VolumeSizeInGB": ANY, "VolumeKmsKeyId": ANY}
    },
    "StoppingCondition": ANY,
    "AppSpecification": ANY,
    "Environment": ANY,
    "NetworkConfig": ANY,
    "RoleArn": ANY,
    "Tags": ANY,
    "ExperimentConfig": ANY,
}
_CLUSTER = ("InstanceCount", "InstanceType")


class Processing(Jobs[Job]):
    """The processing jobs of this cloud."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, PROCESSING)

    def _check(self, request: JsonObject) -> None:
        check(request, _SERVED)
        check_vpc(request.get("NetworkConfig", {}).get("VpcConfig"))
        cluster = request["ProcessingResources"]["ClusterConfig"]
        missing = [member for member in _CLUSTER if member not in cluster]
        if missing:
            raise AwsError("ValidationException", f"ClusterConfig lacks {' and '.join(missing)}.")
        inputs, outputs = request.get("ProcessingInputs", []), _outputs(request)
        _check_unique("Input", [item["InputName"] for item in inputs])
        _check_unique("Output", [item["OutputName"] for item in outputs])
        for item in [*(one["S3Input"] for one in inputs), *(one["S3Output"] for one in outputs)]:
            S3Uri.parse(item["S3Uri"])
            path = item.get("LocalPath", "")
            if not path.startswith(f"{ROOT}/processing/") or ".." in PurePosixPath(path).parts:
                raise AwsError(
                    "ValidationException", f"LocalPath {path!r} must be an absolute path below {ROOT}/processing/."
                )

    def _prepared(self, request: JsonObject, arn: str) -> ProcessingRun:
        context, role = self._context, request["RoleArn"]
        cluster, image = request["ProcessingResources"]["ClusterConfig"], request["AppSpecification"]["ImageUri"]
        check_role(context, role, arn)
        if "KmsKeyId" in request.get("ProcessingOutputConfig", {}):
            key_arn(context, request["ProcessingOutputConfig"]["KmsKeyId"])
        check_disks(context, cluster["InstanceType"], cluster.get("VolumeKmsKeyId"), "VolumeKmsKeyId")
        resolve_image(context, role, image, arn)
        context.programs.check(image)
        for item in request.get("ProcessingInputs", []):
            check_input(context, role, item["S3Input"]["S3Uri"], arn)
        return ProcessingRun(context, Job(context, PROCESSING, request))

    def _restored(self, request: JsonObject, state: JsonObject) -> Job:
        return Job(self._context, PROCESSING, request, state)


def _outputs(request: JsonObject) -> list[JsonObject]:
    return list(request.get("ProcessingOutputConfig", {}).get("Outputs", []))


def _check_unique(what: str, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise AwsError("ValidationException", f"{what} names must be unique within a processing job: {twice}")
