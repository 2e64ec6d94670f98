"""The operations on endpoint configurations."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from penstock.local.service import JsonObject
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.listing import Kind, page
from penstock.local.services.sagemaker.models import Models
from penstock.local.services.sagemaker.served import ANY, check
from penstock.local.services.sagemaker.shelf import Shelf
from penstock.local.services.sagemaker.variant_checks import check_config

_LISTED = Kind(key="EndpointConfigs", name="EndpointConfigName")
_VARIANT = {
    "VariantName": ANY,
    "ModelName": ANY,
    "InitialInstanceCount": ANY,
    "InstanceType": ANY,
    "InitialVariantWeight": ANY,
    "ServerlessConfig": {"MemorySizeInMB": ANY, "MaxConcurrency": ANY, "ProvisionedConcurrency": ANY},
    "VolumeSizeInGB": ANY,
    "ModelDataDownloadTimeoutInSeconds": ANY,
    "ContainerStartupHealthCheckTimeoutInSeconds": ANY,
    "EnableSSMAccess": ANY,
    "RoutingConfig": ANY,
    "InferenceAmiVersion": ANY,
}
_SERVED = {
    "EndpointConfigName": ANY,
    "ProductionVariants": [_VARIANT],
    "ShadowProductionVariants": [_VARIANT],
    "DataCaptureConfig": {
        "EnableCapture": ANY,
        "InitialSamplingPercentage": ANY,
        "DestinationS3Uri": ANY,
        "KmsKeyId": ANY,
        "CaptureOptions": ANY,
        "CaptureContentTypeHeader": ANY,
    },
    "AsyncInferenceConfig": {
        "ClientConfig": {"MaxConcurrentInvocationsPerInstance": ANY},
        "OutputConfig": {
            "KmsKeyId": ANY,
            "S3OutputPath": ANY,
            "S3FailurePath": ANY,
            "NotificationConfig": {"SuccessTopic": ANY, "ErrorTopic": ANY, "IncludeInferenceResponseIn": ANY},
        },
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

    @property
    def shadows(self) -> list[JsonObject]:
        """The shadow variants, with AWS's default weight."""
        return [{"InitialVariantWeight": 1.0, **one} for one in self.request.get("ShadowProductionVariants", [])]

    @property
    def capture(self) -> JsonObject:
        """Its DataCaptureConfig, or nothing."""
        return dict(self.request.get("DataCaptureConfig", {}))

    @property
    def asynchronous(self) -> JsonObject:
        """Its AsyncInferenceConfig, or nothing."""
        return dict(self.request.get("AsyncInferenceConfig", {}))

    @property
    def serverless(self) -> bool:
        """Has it a serverless variant?"""
        return any("ServerlessConfig" in variant for variant in self.variants)


class EndpointConfigs:
    """The endpoint configurations of this cloud; they never change."""

    def __init__(self, context: Context, models: Models) -> None:
        self._context = context
        self._models = models
        self._shelf: Shelf[EndpointConfig] = Shelf(context, "endpoint-config", "endpoint configuration")

    def create(self, request: JsonObject) -> JsonObject:
        """Serve CreateEndpointConfig."""
        check(request, _SERVED)
        name = request["EndpointConfigName"]
        self._shelf.check_free(name)
        check_config(self._context, request, self._models.find)
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
            **({"ShadowProductionVariants": config.shadows} if config.shadows else {}),
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
