"""What was done before a run, by somebody else."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from battery.project import ENDPOINT

if TYPE_CHECKING:
    from battery.world import World

_REQUEST = (
    *("AlgorithmSpecification", "RoleArn", "InputDataConfig", "OutputDataConfig", "ResourceConfig"),
    *("StoppingCondition", "HyperParameters", "EnableNetworkIsolation"),
)


def failed_endpoint(world: "World", _run: str) -> None:
    """Leave an endpoint that has failed, and has no instances."""
    world.plan("endpoint=Failed:create,seconds=0")
    world.client("sagemaker").create_endpoint(EndpointName=ENDPOINT, EndpointConfigName=_configs(world)[0])
    _expect(world, "Failed")


def left(status: str) -> "Callable[[World, str], None]":
    """Leave the endpoint in a status that an update can end in."""

    def leave(world: "World", _run: str) -> None:
        described = world.endpoint()
        serving = described["EndpointConfigName"] if described else ""
        other = next(name for name in _configs(world) if name != serving)
        world.plan(f"endpoint={status}:update,seconds=0")
        world.client("sagemaker").update_endpoint(EndpointName=ENDPOINT, EndpointConfigName=other)
        _expect(world, status)

    return leave


def taken_job(world: "World", run: str) -> None:
    """Take the name of the run's training job."""
    sagemaker = world.client("sagemaker")
    other = sagemaker.list_training_jobs(StatusEquals="Completed")["TrainingJobSummaries"][0]["TrainingJobName"]
    described = sagemaker.describe_training_job(TrainingJobName=other)
    sagemaker.create_training_job(TrainingJobName=f"{ENDPOINT}-{run}", **_members(described, _REQUEST))
    world.settle()


def taken_model(world: "World", run: str) -> None:
    """Take the name of the run's model."""
    sagemaker = world.client("sagemaker")
    described = sagemaker.describe_model(ModelName=sagemaker.list_models()["Models"][0]["ModelName"])
    members = ("PrimaryContainer", "ExecutionRoleArn", "EnableNetworkIsolation")
    sagemaker.create_model(ModelName=f"{ENDPOINT}-{run}", **_members(described, members))


def taken_config(world: "World", run: str) -> None:
    """Take the name of the run's endpoint config."""
    sagemaker = world.client("sagemaker")
    described = sagemaker.describe_endpoint_config(EndpointConfigName=_configs(world)[0])
    members = _members(described, ("ProductionVariants", "KmsKeyId"))
    sagemaker.create_endpoint_config(EndpointConfigName=f"{ENDPOINT}-{run}", **members)


def _configs(world: "World") -> list[str]:
    """Return the names of the endpoint configs, the newest first."""
    listed = world.client("sagemaker").list_endpoint_configs(SortBy="CreationTime", SortOrder="Descending")
    return [config["EndpointConfigName"] for config in listed["EndpointConfigs"]]


def _expect(world: "World", status: str) -> None:
    endpoint = world.settle()
    assert endpoint is not None
    assert endpoint["EndpointStatus"] == status, endpoint


def _members(described: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: described[name] for name in names if name in described}
