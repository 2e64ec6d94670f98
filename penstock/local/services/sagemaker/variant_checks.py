"""What AWS requires of the variants of an endpoint configuration, and of what goes with them."""

from collections.abc import Callable

from penstock.local.service import AwsError, JsonObject
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.keys import check_disks, has_local_disks, key_arn
from penstock.local.services.sagemaker.models import Model
from penstock.local.services.sagemaker.s3 import S3Uri

_MEMORY_MB = 1024  # memory comes in multiples of it
# https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html#serverless-endpoints-how-it-works-exclusions
_NOT_SERVERLESS = {
    "DataCaptureConfig": "Data capture",
    "AsyncInferenceConfig": "Asynchronous inference",
    "ShadowProductionVariants": "Shadow production variants",
    "KmsKeyId": "KmsKeyId",
}
_NOT_OF_MODEL = {"VpcConfig": "VPC configuration", "EnableNetworkIsolation": "Network isolation"}
_OF_INSTANCES = (
    *("InstanceType", "InitialInstanceCount", "VolumeSizeInGB", "ModelDataDownloadTimeoutInSeconds"),
    *("ContainerStartupHealthCheckTimeoutInSeconds", "EnableSSMAccess", "RoutingConfig", "InferenceAmiVersion"),
)


def check_config(context: Context, request: JsonObject, model: Callable[[str], Model]) -> None:
    """Refuse a configuration that AWS would not take; `model` finds one by its name.

    Raises:
        AwsError: ValidationException.
    """
    production, shadows = request["ProductionVariants"], request.get("ShadowProductionVariants", [])
    variants = [*production, *shadows]
    _check_names(variants)
    if shadows and (len(production), len(shadows)) != (1, 1):
        raise _invalid(
            "If ShadowProductionVariants is specified, you can only specify one variant for ProductionVariants and one"
            f" variant for ShadowProductionVariants; found {len(production)} and {len(shadows)}."
        )
    if shadows and "AsyncInferenceConfig" in request:
        raise _invalid("Shadow production variants are not supported with AsyncInferenceConfig.")
    for variant in variants:
        if "ServerlessConfig" in variant:
            _check_serverless(request, variant)
        else:
            _check_instances(context, request, variant)
    _check_capture(context, request.get("DataCaptureConfig", {}))
    _check_asynchronous(context, request.get("AsyncInferenceConfig", {}).get("OutputConfig"))
    for variant in variants:
        _check_model(variant, model(variant["ModelName"]))


def _check_names(variants: list[JsonObject]) -> None:
    names = [variant["VariantName"] for variant in variants]
    if len(set(names)) != len(names):
        raise _invalid(f"Variant names must be unique within an endpoint config: {names}")
    nameless = [variant["VariantName"] for variant in variants if "ModelName" not in variant]
    if nameless:
        raise _invalid(f"Production variant {nameless[0]} lacks ModelName.")


def _check_instances(context: Context, request: JsonObject, variant: JsonObject) -> None:
    missing = [member for member in ("InstanceType", "InitialInstanceCount") if member not in variant]
    if missing:
        raise _invalid(
            f"Production variant {variant['VariantName']} lacks {' and '.join(missing)}, or a ServerlessConfig."
        )
    if "VolumeSizeInGB" in variant and has_local_disks(variant["InstanceType"]):
        raise _invalid(
            f"VolumeSizeInGB is not supported for instance type {variant['InstanceType']}: its disks come with it."
        )
    check_disks(context, variant["InstanceType"], request.get("KmsKeyId"), "KmsKeyId")


def _check_serverless(request: JsonObject, variant: JsonObject) -> None:
    name, settings = variant["VariantName"], variant["ServerlessConfig"]
    if len(request["ProductionVariants"]) > 1:
        raise _invalid("Serverless Inference does not support multiple production variants.")
    both = [member for member in _OF_INSTANCES if member in variant]
    if both:
        raise _invalid(f"{' and '.join(both)} cannot be specified with ServerlessConfig: variant {name} has both.")
    used = [what for member, what in _NOT_SERVERLESS.items() if request.get(member)]
    if used:
        raise _invalid(f"{' and '.join(used)} not supported when using ServerlessConfig (variant {name}).")
    if settings["MemorySizeInMB"] % _MEMORY_MB:
        raise _invalid(
            f"MemorySizeInMB must be 1024, 2048, 3072, 4096, 5120 or 6144; found {settings['MemorySizeInMB']}."
        )
    if settings.get("ProvisionedConcurrency", 0) > settings["MaxConcurrency"]:
        raise _invalid(
            f"ProvisionedConcurrency ({settings['ProvisionedConcurrency']}) must be less than or equal to"
            f" MaxConcurrency ({settings['MaxConcurrency']})."
        )


def _check_model(variant: JsonObject, model: Model) -> None:
    used = [what for member, what in _NOT_OF_MODEL.items() if model.request.get(member)]
    if used and "ServerlessConfig" in variant:
        raise _invalid(f"{' and '.join(used)} of model {model.name} not supported when using ServerlessConfig.")


def _check_capture(context: Context, capture: JsonObject) -> None:
    if capture:
        S3Uri.parse(capture["DestinationS3Uri"])
    if capture.get("KmsKeyId"):
        key_arn(context, capture["KmsKeyId"])


def _check_asynchronous(context: Context, output: JsonObject | None) -> None:
    if output is None:
        return
    if "S3OutputPath" not in output:
        raise _invalid("AsyncInferenceConfig.OutputConfig.S3OutputPath must be specified.")
    for member in ("S3OutputPath", "S3FailurePath"):
        if member in output:
            S3Uri.parse(output[member])
    if output.get("KmsKeyId"):
        key_arn(context, output["KmsKeyId"])


def _invalid(message: str) -> AwsError:
    return AwsError("ValidationException", message)
