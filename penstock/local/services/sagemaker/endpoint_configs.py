"""The operations on endpoint configurations."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from penstock.local.service import AwsError, JsonObject
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.keys import check_disks, has_local_disks
from penstock.local.services.sagemaker.listing import Kind, page
from penstock.local.services.sagemaker.models import Models
from penstock.local.services.sagemaker.served import ANY, check
from penstock.local.services.sagemaker.shelf import Shelf

_LISTED = Kind(key="EndpointConfigs", name="EndpointConfigName")
_SERVED = {
    "EndpointConfigName": ANY,
    "ProductionVariants": [
        {
            "VariantName": ANY,
            "ModelName": ANY,
            "InitialInstanceCount": ANY,
            "InstanceType": ANY,
            "InitialVariantWeight": ANY,
            "VolumeSizeInGB": ANY,
            "ModelDataDownloadTimeoutInSeconds": ANY,
            "ContainerStartupHealthCheckTimeoutInSeconds": ANY,
            "EnableSSMAccess": ANY,
            "RoutingConfig": ANY,
            "InferenceAmiVersion": ANY,
        }
    ],
    "DataCaptureConfig": {
        "EnableCapture": (False,),
        "InitialSamplingPercentage": ANY,
        "DestinationS3Uri": ANY,
        "KmsKeyId": ANY,
        "CaptureOptions": ANY,
        "CaptureContentTypeHeader": ANY,
    },
    "KmsKeyId": ANY,
    "Tags": ANY,
}


@dataclass(frozen=True)
class EndpointConfig:
    """Which models serve, on how many instances each."""

    request: JsonObject
    arn: str
    created: datetime

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.request["EndpointConfigName"])

    def record(self) -> dict[str, Any]:
        """Return what the store keeps of it."""
        return asdict(self)

    @property
    def variants(self) -> list[JsonObject]:
        """The production variants, with AWS's default weight."""
        return [{"InitialVariantWeight": 1.0, **variant} for variant in self.request["ProductionVariants"]]


class EndpointConfigs:
    """The endpoint configurations of this cloud; they never change."""

    def __init__(self, context: Context, models: Models) -> None:
        self._context = context
        self._models = models
        self._shelf: Shelf[EndpointConfig] = Shelf(context, "endpoint-config", "endpoint configuration")

    def create(self, request: JsonObject) -> JsonObject:
        """Serve CreateEndpointConfig."""
        check(request, _SERVED)
        name, variants = request["EndpointConfigName"], request["ProductionVariants"]
        self._shelf.check_free(name)
        names = [variant["VariantName"] for variant in variants]
        if len(set(names)) != len(names):
            raise AwsError("ValidationException", f"Variant names must be unique within an endpoint config: {names}")
        for variant in variants:
            _check_variant(variant)
            check_disks(self._context, variant["InstanceType"], request.get("KmsKeyId"), "KmsKeyId")
            self._models.find(variant["ModelName"])
        config = EndpointConfig(request, self._shelf.arn(name), self._context.clock.now())
        with self._context.lock:
            self._shelf.add(name, config)
            self._context.tags.begin(config.arn, request.get("Tags", []))
        return {"EndpointConfigArn": config.arn}

    def restore(self) -> None:
        """Take up the configurations that the store has kept."""
        self._shelf.restore(lambda record: EndpointConfig(**record))

    def find(self, name: str) -> EndpointConfig:
        """Return a configuration.

        Raises:
            AwsError: ValidationException, there is none of this name.
        """
        return self._shelf.get(name)

    def describe(self, request: JsonObject) -> JsonObject:
        """Serve DescribeEndpointConfig."""
        config = self.find(request["EndpointConfigName"])
        return {
            **{member: value for member, value in config.request.items() if member != "Tags"},
            "ProductionVariants": config.variants,
            "EndpointConfigArn": config.arn,
            "CreationTime": config.created,
        }

    def list(self, request: JsonObject) -> JsonObject:
        """Serve ListEndpointConfigs."""
        summaries = [
            {"EndpointConfigName": config.name, "EndpointConfigArn": config.arn, "CreationTime": config.created}
            for config in self._shelf.all()
        ]
        return page(_LISTED, summaries, request)

    def delete(self, request: JsonObject) -> JsonObject:
        """Serve DeleteEndpointConfig; an endpoint that has it already goes on."""
        self._context.tags.end(self._shelf.remove(request["EndpointConfigName"]).arn)
        return {}


def _check_variant(variant: JsonObject) -> None:
    """Refuse a variant without instances, which the service's model leaves to serverless ones, or with a wrong disk.

    Raises:
        AwsError: ValidationException.
    """
    needed = ("ModelName", "InstanceType", "InitialInstanceCount")
    missing = [member for member in needed if member not in variant]
    if missing:
        raise AwsError(
            "ValidationException",
            f"Production variant {variant['VariantName']} lacks {' and '.join(missing)}. The local cloud serves"
            " variants on instances.",
        )
    if "VolumeSizeInGB" in variant and has_local_disks(variant["InstanceType"]):
        raise AwsError(
            "ValidationException",
            f"VolumeSizeInGB is not supported for instance type {variant['InstanceType']}: its disks come with it.",
        )
