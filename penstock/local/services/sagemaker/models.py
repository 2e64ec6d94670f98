"""The operations on models."""

from dataclasses import dataclass
from datetime import UTC, datetime

from penstock.local.service import AwsError, JsonObject
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.listing import Kind, page
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
        return str(_container(self.request)["Image"])

    @property
    def artefact(self) -> str | None:
        """Where model.tar.gz is, if the model has data at all."""
        return _artefact(_container(self.request))

    @property
    def environment(self) -> dict[str, str]:
        """The container's environment variables."""
        return dict(_container(self.request).get("Environment", {}))

    @property
    def isolated(self) -> bool:
        """May the container call nothing?"""
        return bool(self.request.get("EnableNetworkIsolation", False))


class Models:
    """The models of this cloud."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._shelf: Shelf[Model] = Shelf("model", lambda name: context.arn("model", name), context.lock)

    def create(self, request: JsonObject) -> JsonObject:
        """Serve CreateModel, with AWS's checks: the role, the image, the artefact."""
        check(request, _SERVED)
        name, container = request["ModelName"], _container(request)
        if "ExecutionRoleArn" not in request:
            raise AwsError("ValidationException", "ExecutionRoleArn must be given for a model with an image.")
        self._shelf.check_free(name)
        role, clients = request["ExecutionRoleArn"], self._context.clients
        check_role(clients, role)
        resolved = resolve_image(clients, role, container["Image"])
        self._context.programs.program(container["Image"])
        artefact = _artefact(container)
        if artefact is not None:
            check_artefact(clients, role, artefact)
        model = Model(request, self._context.arn("model", name), datetime.now(UTC), resolved)
        self._shelf.add(name, model)
        self._context.tags.begin(model.arn, request.get("Tags", []))
        return {"ModelArn": model.arn}

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


def _container(request: JsonObject) -> JsonObject:
    """Return the one container of a model: an inference pipeline has several, a model of a package has no image.

    Raises:
        AwsError: ValidationException.
    """
    containers = [request["PrimaryContainer"]] if "PrimaryContainer" in request else request.get("Containers", [])
    if len(containers) != 1 or "Image" not in containers[0]:
        raise AwsError("ValidationException", "The local cloud serves models of one container, with an Image.")
    return dict(containers[0])


def _artefact(container: JsonObject) -> str | None:
    if "ModelDataUrl" in container:
        return str(container["ModelDataUrl"])
    if "ModelDataSource" in container:
        return str(container["ModelDataSource"]["S3DataSource"]["S3Uri"])
    return None
