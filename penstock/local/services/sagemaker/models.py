"""The operations on models."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from penstock.local.service import AwsError, JsonObject
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.listing import Kind, page
from penstock.local.services.sagemaker.model_packages import ModelPackages
from penstock.local.services.sagemaker.roles import check_artefact, check_role, resolve_image
from penstock.local.services.sagemaker.served import ANY, check
from penstock.local.services.sagemaker.shelf import Shelf

_LISTED = Kind(key="Models", name="ModelName")
_CONTAINER = {
    "ContainerHostname": ANY,
    "Image": ANY,
    "Mode": ("SingleModel",),
    "ModelDataUrl": ANY,
    "ModelDataSource": {
        "S3DataSource": {"S3Uri": ANY, "S3DataType": ("S3Object",), "CompressionType": ("Gzip",)},
    },
    "Environment": ANY,
    "ModelPackageName": ANY,
}
_SERVED = {
    "ModelName": ANY,
    "PrimaryContainer": _CONTAINER,
    "Containers": [_CONTAINER],
    "ExecutionRoleArn": ANY,
    "EnableNetworkIsolation": ANY,
    "VpcConfig": ANY,
    "Tags": ANY,
}


@dataclass(frozen=True)
class Model:
    """An image, an artefact, and the role that reads both."""

    request: JsonObject
    container: JsonObject  # its one container; what a model package says of it is in here
    arn: str
    created: datetime
    resolved_image: str

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.request["ModelName"])

    @property
    def role(self) -> str:
        """The ARN of the execution role."""
        return str(self.request["ExecutionRoleArn"])

    @property
    def image(self) -> str:
        """The image's address, as it was given."""
        return str(self.container["Image"])

    @property
    def artefact(self) -> str | None:
        """Where model.tar.gz is, if the model has data at all."""
        return _artefact(self.container)

    @property
    def environment(self) -> dict[str, str]:
        """The container's environment variables."""
        return dict(self.container.get("Environment", {}))

    @property
    def isolated(self) -> bool:
        """May the container call nothing?"""
        return bool(self.request.get("EnableNetworkIsolation", False))

    def record(self) -> dict[str, Any]:
        """Return what the store keeps of it."""
        return asdict(self)


class Models:
    """The models of this cloud."""

    def __init__(self, context: Context, packages: ModelPackages) -> None:
        self._context = context
        self._packages = packages
        self._shelf: Shelf[Model] = Shelf(context, "model", "model")

    def create(self, request: JsonObject) -> JsonObject:
        """Serve CreateModel, with AWS's checks: the role, the image, the artefact."""
        check(request, _SERVED)
        name, context = request["ModelName"], self._context
        container = self._container(request)
        if "ExecutionRoleArn" not in request:
            raise AwsError("ValidationException", "ExecutionRoleArn must be given for a model with an image.")
        self._shelf.check_free(name)
        role, arn = request["ExecutionRoleArn"], self._shelf.arn(name)
        check_role(context, role, arn)
        resolved = resolve_image(context, role, container["Image"], arn)
        context.programs.program(container["Image"])
        artefact = _artefact(container)
        if artefact is not None:
            check_artefact(context, role, artefact, arn)
        model = Model(request, container, arn, context.clock.now(), resolved)
        with context.lock:
            self._shelf.add(name, model)
            context.tags.begin(arn, request.get("Tags", []))
        return {"ModelArn": arn}

    def find(self, name: str) -> Model:
        """Return a model.

        Raises:
            AwsError: ValidationException, there is none of this name.
        """
        return self._shelf.get(name)

    def describe(self, request: JsonObject) -> JsonObject:
        """Serve DescribeModel."""
        model = self.find(request["ModelName"])
        return {
            "EnableNetworkIsolation": model.isolated,
            **{member: value for member, value in model.request.items() if member != "Tags"},
            "ModelArn": model.arn,
            "CreationTime": model.created,
        }

    def list(self, request: JsonObject) -> JsonObject:
        """Serve ListModels."""
        models = self._shelf.all()
        summaries = [
            {"ModelName": model.name, "ModelArn": model.arn, "CreationTime": model.created} for model in models
        ]
        return page(_LISTED, summaries, request)

    def delete(self, request: JsonObject) -> JsonObject:
        """Serve DeleteModel; what serves it already goes on."""
        self._context.tags.end(self._shelf.remove(request["ModelName"]).arn)
        return {}

    def restore(self) -> None:
        """Take up the models that the store has kept."""
        self._shelf.restore(lambda record: Model(**record))

    def _container(self, request: JsonObject) -> JsonObject:
        """Return the one container of a model, with what its package says: an inference pipeline has several.

        Raises:
            AwsError: ValidationException.
        """
        given = [request["PrimaryContainer"]] if "PrimaryContainer" in request else request.get("Containers", [])
        if len(given) != 1 or given[0].keys().isdisjoint({"Image", "ModelPackageName"}):
            raise AwsError(
                "ValidationException",
                "The local cloud serves models of one container, with an Image or a ModelPackageName.",
            )
        if "ModelPackageName" not in given[0]:
            return dict(given[0])
        packaged = self._packages.container(given[0]["ModelPackageName"])
        environment = packaged.get("Environment", {}) | given[0].get("Environment", {})
        return packaged | {"Environment": environment}


def _artefact(container: JsonObject) -> str | None:
    if "ModelDataUrl" in container:
        return str(container["ModelDataUrl"])
    if "ModelDataSource" in container:
        return str(container["ModelDataSource"]["S3DataSource"]["S3Uri"])
    return None
