"""The operations on transform jobs."""

from penstock.local.service import AwsError, JsonObject
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.jobs.job import Job, JobKind
from penstock.local.services.sagemaker.jobs.jobs import Jobs
from penstock.local.services.sagemaker.jobs.json_path import JsonPath
from penstock.local.services.sagemaker.jobs.transform_run import TransformRun
from penstock.local.services.sagemaker.keys import check_disks, key_arn
from penstock.local.services.sagemaker.models import Models
from penstock.local.services.sagemaker.roles import check_input
from penstock.local.services.sagemaker.s3 import S3Uri
from penstock.local.services.sagemaker.served import ANY, check

TRANSFORM = JobKind("Transform", order="Descending")
_SERVED = {
    "TransformJobName": ANY,
    "ModelName": ANY,
    "MaxConcurrentTransforms": ANY,
    "ModelClientConfig": ANY,
    "MaxPayloadInMB": ANY,
    "BatchStrategy": ANY,
    "Environment": ANY,
    "TransformInput": {
        "DataSource": {"S3DataSource": {"S3DataType": ("S3Prefix", "ManifestFile"), "S3Uri": ANY}},
        "ContentType": ANY,
        "CompressionType": ANY,
        "SplitType": ("None", "Line"),
    },
    "TransformOutput": {"S3OutputPath": ANY, "Accept": ANY, "AssembleWith": ANY, "KmsKeyId": ANY},
    "TransformResources": {"InstanceType": ANY, "InstanceCount": ANY, "VolumeKmsKeyId": ANY},
    "DataProcessing": ANY,
    "Tags": ANY,
    "ExperimentConfig": ANY,
}
_MOST_MEGABYTES = 100  # MaxPayloadInMB times MaxConcurrentTransforms


class Transform(Jobs[Job]):
    """The transform jobs of this cloud."""

    def __init__(self, context: Context, models: Models) -> None:
        super().__init__(context, TRANSFORM)
        self._models = models

    def _check(self, request: JsonObject) -> None:
        check(request, _SERVED)
        S3Uri.parse(request["TransformOutput"]["S3OutputPath"])
        _check_sizes(request)
        _check_data_processing(request)

    def _prepared(self, request: JsonObject, arn: str) -> TransformRun:
        context, model = self._context, self._models.find(request["ModelName"])
        resources = request["TransformResources"]
        if "KmsKeyId" in request["TransformOutput"]:
            key_arn(context, request["TransformOutput"]["KmsKeyId"])
        check_disks(context, resources["InstanceType"], resources.get("VolumeKmsKeyId"), "VolumeKmsKeyId")
        check_input(context, model.role, request["TransformInput"]["DataSource"]["S3DataSource"]["S3Uri"], arn)
        return TransformRun(context, Job(context, TRANSFORM, request), model)

    def _restored(self, request: JsonObject, state: JsonObject) -> Job:
        return Job(self._context, TRANSFORM, request, state)


def _check_sizes(request: JsonObject) -> None:
    megabytes = request.get("MaxPayloadInMB", 0) * request.get("MaxConcurrentTransforms", 0)
    if megabytes > _MOST_MEGABYTES:
        raise AwsError(
            "ValidationException",
            f"MaxPayloadInMB times MaxConcurrentTransforms must not exceed {_MOST_MEGABYTES} MB; it is {megabytes} MB.",
        )
    if request.get("BatchStrategy") == "SingleRecord" and request["TransformInput"].get("SplitType", "None") == "None":
        raise AwsError("ValidationException", "BatchStrategy SingleRecord requires that SplitType be set.")


def _check_data_processing(request: JsonObject) -> None:
    """Refuse filters and joins that there are no records for.

    https://docs.aws.amazon.com/sagemaker/latest/dg/batch-transform-data-processing.html
    """
    processing = request.get("DataProcessing", {})
    for member in ("InputFilter", "OutputFilter"):
        JsonPath.parse(processing.get(member, "$"))
    split = request["TransformInput"].get("SplitType", "None")
    assembled = request["TransformOutput"].get("AssembleWith", "None")
    if processing.get("JoinSource", "None") == "Input" and split != assembled:
        raise AwsError(
            "ValidationException", "To join the results with the input, SplitType and AssembleWith must be the same."
        )
    if processing and split != "Line":
        raise AwsError("ValidationException", "The local cloud serves DataProcessing of SplitType Line only.")
