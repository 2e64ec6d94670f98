"""Cases about endpoints: deployments that end badly, and what a run finds when it comes to deploy."""

from collections.abc import Iterator
from typing import Any

from battery import scenes
from battery.case import Case

_UPDATE = "sagemaker:UpdateEndpoint,role=*-workflow"


def bad_ends() -> Iterator[Case]:
    """Yield deployments that do not come to an endpoint which serves the new model."""
    yield _rolled_back("update rolled back", "endpoint=RollingBack:update,seconds=0")
    yield _rolled_back("update rolled back slowly", "endpoint=RollingBack:update,seconds=10")
    yield _rolled_back("new instances do not serve", settings={"serves": "badly"})
    yield _failed("update and its rollback failed", "endpoint=UpdateRollbackFailed:update", serves="either")
    yield _failed("updated, and out of service", "endpoint=OutOfService:update", serves="either", interrupted=True)
    yield _failed("the first endpoint failed", "endpoint=Failed:create", fresh=True)
    yield _failed("the first instances do not serve", settings={"serves": "badly"}, fresh=True)
    yield _wrong("wrong answers after an update", settings={"predicts": "101"})
    yield _wrong("no numbers after an update", settings={"predicts": "nan"})
    yield _wrong("wrong answers of the first model", settings={"predicts": "101"}, fresh=True, serves="new")
    for fault in ("throttle", "lose", "timeout"):
        # The second update of such a run is the one that puts the former model back.
        yield _wrong(
            f"wrong answers, and {fault} as the endpoint is put back",
            f"{fault}={_UPDATE},name=FORMER",
            settings={"predicts": "101"},
        )


def late() -> Iterator[Case]:
    """Yield what SageMaker made or updated, and shows late."""
    for made in ("Model", "EndpointConfig", "Endpoint"):
        for seconds in (1, 4):
            yield Case(
                f"what Create{made} made is seen {seconds} s late",
                (f"delay=sagemaker:Create{made},seconds={seconds}",),
                fresh=made == "Endpoint",
            )
    yield Case("an update is seen late", ("delay=sagemaker:UpdateEndpoint,seconds=0.5",))


def killed() -> Iterator[Case]:
    """Yield serving processes that die."""
    yield Case("the new serving process was killed", ("kill=dev-tiny,seconds=0",), interrupted=True)
    yield Case("the first serving process was killed", ("kill=dev-tiny,seconds=0",), fresh=True)


def entries() -> Iterator[Case]:
    """Yield each status that an endpoint can have when a run comes to deploy."""
    yield Case("entry: InService")
    for status in ("Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting"):
        yield Case(f"entry: {status}", (f"endpoint={status}:entry,seconds=10",))
    yield Case("entry: Failed", before=scenes.failed_endpoint, fresh=True)
    yield Case("entry: OutOfService", before=scenes.left("OutOfService"), interrupted=True)
    yield Case("entry: UpdateRollbackFailed", before=scenes.left("UpdateRollbackFailed"))
    delete = "sagemaker:DeleteEndpoint,role=*-workflow"
    for fault in ("throttle", "lose", "timeout"):
        yield Case(
            f"entry: Failed, and {fault} as it is deleted",
            (f"{fault}={delete}",),
            before=scenes.failed_endpoint,
            fresh=True,
        )
    yield Case(
        "entry: Failed, and deleting it is denied",
        (f"deny={delete}",),
        before=scenes.failed_endpoint,
        fresh=True,
        status="FAILED",
        error="SageMaker.SageMakerException",
        at="Delete endpoint again",
    )


def clashes() -> Iterator[Case]:
    """Yield names that are taken already: another attempt has a name of its own."""
    yield Case("the training job's name is taken", before=scenes.taken_job)
    yield Case("the model's name is taken", before=scenes.taken_model)
    yield Case("the endpoint config's name is taken", before=scenes.taken_config)


def _rolled_back(name: str, *faults: str, **more: Any) -> Case:
    return Case(name, faults, status="FAILED", error="EndpointRolledBack", at="Rolled back", **more)


def _failed(name: str, *faults: str, **more: Any) -> Case:
    return Case(name, faults, status="FAILED", error="EndpointFailed", at="Endpoint failed", **more)


def _wrong(name: str, *faults: str, **more: Any) -> Case:
    return Case(name, faults, status="FAILED", error="SmokeTestFailed", at="Smoke test failed", **more)
