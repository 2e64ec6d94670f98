"""SageMaker's operations, each handed to the part that serves it."""

from pathlib import Path
from typing import Any

from penstock.local.access import Access
from penstock.local.clients import Clients
from penstock.local.clock import Clock
from penstock.local.faults import Faults
from penstock.local.programs.images import Programs
from penstock.local.service import ListedService, Operation
from penstock.local.services.cloudwatch import Metrics
from penstock.local.services.events import Events
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.endpoint_configs import EndpointConfigs
from penstock.local.services.sagemaker.endpoints import Endpoints
from penstock.local.services.sagemaker.jobs.jobs import Jobs
from penstock.local.services.sagemaker.jobs.processing import Processing
from penstock.local.services.sagemaker.jobs.training import Training
from penstock.local.services.sagemaker.jobs.transform import Transform
from penstock.local.services.sagemaker.jobs.tuning.operations import Tuning
from penstock.local.services.sagemaker.model_package_groups import ModelPackageGroups
from penstock.local.services.sagemaker.model_packages import ModelPackages
from penstock.local.services.sagemaker.models import Models
from penstock.local.services.sagemaker.tags import Tags
from penstock.local.store import Store

_STARTUP_SECONDS = 480  # AWS's default for ContainerStartupHealthCheckTimeoutInSeconds
_Operations = dict[str, Operation]


class SageMaker(ListedService):
    """The service; its files are in `work`: training/<job>/, …, endpoints/<endpoint>/<variant>/.

    All that it is to know after the cloud was ended is in the store: none of its calls is carried out again.
    """

    name = "sagemaker"
    JOURNALLED: frozenset[str] = frozenset()

    def __init__(
        self,
        *,
        clients: Clients,
        programs: Programs,
        work: Path,
        access: Access,
        faults: Faults,
        metrics: Metrics,
        events: Events,
        store: Store,
        clock: Clock,
        startup_seconds: float = _STARTUP_SECONDS,
    ) -> None:
        """Serve no resources yet.

        Args:
            clients: the cloud around the service.
            programs: what the images hold.
            work: the folder for the files of jobs and instances.
            access: may a role do what is no call?
            faults: what is to go wrong.
            metrics: takes in what is measured.
            events: takes in what has changed.
            store: keeps everything that outlives the cloud.
            clock: the cloud's time.
            startup_seconds: within which an instance must answer /ping, where its configuration does not say.
        """
        self._context = Context(
            clients=clients,
            programs=programs,
            work=work,
            access=access,
            faults=faults,
            metrics=metrics,
            events=events,
            store=store,
            clock=clock,
            startup_seconds=startup_seconds,
            tags=Tags(store),
        )
        self._groups = ModelPackageGroups(self._context)
        self._packages = ModelPackages(self._context, self._groups)
        self._models = Models(self._context, self._packages)
        self._configs = EndpointConfigs(self._context, self._models)
        self.endpoints = Endpoints(self._context, self._models, self._configs)
        training = Training(self._context)
        self._tuning = Tuning(self._context, training)
        self._jobs: dict[str, Jobs[Any]] = {
            "TrainingJob": training,
            "ProcessingJob": Processing(self._context),
            "TransformJob": Transform(self._context, self._models),
            "HyperParameterTuningJob": self._tuning,
        }
        self._operations = {**self._jobs_operations(), **self._models_operations(), **self._endpoints_operations()}

    def restore(self) -> None:
        """Take up what the store has kept; called once, after the rest of the cloud is as it was."""
        for part in (self._groups, self._packages, self._models, self._configs):
            part.restore()
        for jobs in self._jobs.values():
            jobs.restore()
        self.endpoints.restore()

    def close(self) -> None:
        """End every program and thread."""
        for jobs in self._jobs.values():
            jobs.close()
        self.endpoints.close()
        self._context.threads.join()

    def _jobs_operations(self) -> _Operations:
        operations: _Operations = {"ListTrainingJobsForHyperParameterTuningJob": self._tuning.trials}
        for noun, jobs in self._jobs.items():
            operations |= {
                f"Create{noun}": jobs.create,
                f"Describe{noun}": jobs.describe,
                f"List{noun}s": jobs.list,
                f"Stop{noun}": jobs.stop,
            }
        return operations

    def _models_operations(self) -> _Operations:
        groups, packages, models = self._groups, self._packages, self._models
        return {
            "CreateModelPackageGroup": groups.create,
            "DescribeModelPackageGroup": groups.describe,
            "ListModelPackageGroups": groups.list,
            "DeleteModelPackageGroup": packages.delete_group,
            "CreateModelPackage": packages.create,
            "DescribeModelPackage": packages.describe,
            "ListModelPackages": packages.list,
            "UpdateModelPackage": packages.update,
            "DeleteModelPackage": packages.delete,
            "CreateModel": models.create,
            "DescribeModel": models.describe,
            "ListModels": models.list,
            "DeleteModel": models.delete,
        }

    def _endpoints_operations(self) -> _Operations:
        configs, endpoints, tags = self._configs, self.endpoints, self._context.tags
        return {
            "CreateEndpointConfig": configs.create,
            "DescribeEndpointConfig": configs.describe,
            "ListEndpointConfigs": configs.list,
            "DeleteEndpointConfig": configs.delete,
            "CreateEndpoint": endpoints.create,
            "UpdateEndpoint": endpoints.update,
            "DescribeEndpoint": endpoints.describe,
            "ListEndpoints": endpoints.list,
            "UpdateEndpointWeightsAndCapacities": endpoints.update_capacities,
            "DeleteEndpoint": endpoints.delete,
            "AddTags": tags.add,
            "ListTags": tags.list,
            "DeleteTags": tags.delete,
        }
