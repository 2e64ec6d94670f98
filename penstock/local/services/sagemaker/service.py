"""SageMaker's operations, each handed to the part that serves it."""

from collections.abc import Callable
from pathlib import Path

from penstock.local.clients import Clients
from penstock.local.programs.images import Programs
from penstock.local.service import AwsError, Caller, JsonObject
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.endpoint_configs import EndpointConfigs
from penstock.local.services.sagemaker.endpoints import Endpoints
from penstock.local.services.sagemaker.models import Models
from penstock.local.services.sagemaker.training import Training

_STARTUP_SECONDS = 480  # AWS's default for ContainerStartupHealthCheckTimeoutInSeconds


class SageMaker:
    """The service; its files are in `work`, training/<job>/ and endpoints/<endpoint>/<variant>/."""

    name = "sagemaker"

    def __init__(
        self, *, clients: Clients, programs: Programs, work: Path, startup_seconds: float = _STARTUP_SECONDS
    ) -> None:
        """Serve no resources yet.

        Args:
            clients: the cloud around the service.
            programs: what the images hold.
            work: the folder for the files of jobs and instances.
            startup_seconds: within which an instance must answer /ping, where its configuration does not say.
        """
        self._context = Context(clients=clients, programs=programs, work=work, startup_seconds=startup_seconds)
        self._training = Training(self._context)
        models = Models(self._context)
        configs = EndpointConfigs(self._context, models)
        self.endpoints = Endpoints(self._context, models, configs)
        self._operations: dict[str, Callable[[JsonObject], JsonObject]] = {
            "CreateTrainingJob": self._training.create,
            "DescribeTrainingJob": self._training.describe,
            "ListTrainingJobs": self._training.list,
            "StopTrainingJob": self._training.stop,
            "CreateModel": models.create,
            "DescribeModel": models.describe,
            "ListModels": models.list,
            "DeleteModel": models.delete,
            "CreateEndpointConfig": configs.create,
            "DescribeEndpointConfig": configs.describe,
            "ListEndpointConfigs": configs.list,
            "DeleteEndpointConfig": configs.delete,
            "CreateEndpoint": self.endpoints.create,
            "DescribeEndpoint": self.endpoints.describe,
            "ListEndpoints": self.endpoints.list,
            "UpdateEndpoint": self.endpoints.update,
            "DeleteEndpoint": self.endpoints.delete,
            "AddTags": self._context.tags.add,
            "ListTags": self._context.tags.list,
            "DeleteTags": self._context.tags.delete,
        }

    def call(self, operation: str, request: JsonObject, _caller: Caller) -> JsonObject:
        """Serve one operation.

        Raises:
            AwsError: what AWS would have answered; UnknownOperationException for what is not served here.
        """
        if operation not in self._operations:
            raise AwsError(
                "UnknownOperationException",
                f"The local cloud does not serve sagemaker:{operation}. It serves {', '.join(self._operations)}.",
                404,
            )
        return self._operations[operation](request)

    def close(self) -> None:
        """End every program and thread."""
        self._training.close()
        self.endpoints.close()
        self._context.threads.join()
