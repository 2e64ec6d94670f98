"""What goes wrong on purpose, as the service's own states show it."""

import contextlib
from typing import Any

import pytest

from penstock.local.faults.fault import Fault
from penstock.local.service import AwsError

SAVE = "(base / 'model/model.txt').write_text('weights');"


@pytest.fixture
def plan(world: Any) -> Any:
    return lambda **fault: world.faults.plan([Fault(**fault)])


def test_a_job_that_is_to_fail_does(world: Any, plan: Any) -> None:
    plan(fault="fail", job="training", reason="AlgorithmError: on purpose")
    job = world.trained("print('ran')")
    assert (job["TrainingJobStatus"], job["FailureReason"]) == ("Failed", "AlgorithmError: on purpose")
    assert not (world.work / "training/j/train.log").exists()


def test_a_job_that_is_to_stop_does(world: Any, plan: Any) -> None:
    plan(fault="stop", job="training")
    job = world.trained()
    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Stopped", "Stopped")


def test_a_job_that_hangs_goes_on_until_it_is_stopped(world: Any, plan: Any) -> None:
    plan(fault="hang", job="training")
    world.train()
    world.job_in("Training")
    world.call("StopTrainingJob", TrainingJobName="j")
    assert world.job_in("Stopped")["SecondaryStatus"] == "Stopped"


def test_a_job_that_hangs_ends_at_its_limit(world: Any, plan: Any) -> None:
    plan(fault="hang", job="training")
    job = world.trained(StoppingCondition={"MaxRuntimeInSeconds": 1})
    assert job["SecondaryStatus"] == "MaxRuntimeExceeded"


def test_a_program_on_a_full_disk_cannot_write_its_model(world: Any, plan: Any) -> None:
    plan(fault="fill", job="training")
    job = world.trained("(base / 'model/model.txt').write_text('x' * 100_000)")
    assert job["FailureReason"].startswith("AlgorithmError")
    assert "File too large" in "".join(world.messages("/aws/sagemaker/TrainingJobs"))


def test_a_full_disk_has_no_room_for_the_archive(world: Any, plan: Any) -> None:
    plan(fault="fill", job="training")
    reason = world.trained(SAVE)["FailureReason"]
    assert reason == "ClientError: Artifact upload failed:[Errno 28] No space left on device"


def test_processing_jobs_fail_too(world: Any, plan: Any) -> None:
    plan(fault="fail", job="processing")
    assert world.processed()["FailureReason"].startswith("InternalServerError: We encountered an internal error.")


@pytest.mark.parametrize(("fault", "status"), [("fail", "Failed"), ("stop", "Stopped"), ("fill", "Failed")])
def test_transform_jobs_fail_too(world: Any, plan: Any, fault: str, status: str) -> None:
    plan(fault=fault, job="transform")
    world.model("a")
    world.put("in/a.csv", b"1")
    assert world.transformed()["TransformJobStatus"] == status
    assert world.processes() == []


@pytest.mark.parametrize("status", ["Failed", "OutOfService"])
def test_a_new_endpoint_ends_as_planned(world: Any, plan: Any, until: Any, status: str) -> None:
    plan(fault="endpoint", status=status, reason="no capacity", seconds=0.1)
    world.config("a")
    world.call("CreateEndpoint", EndpointName="e", EndpointConfigName="a")
    described = until(lambda: _in(world, status))
    assert described["FailureReason"] == "no capacity"
    assert "ProductionVariants" not in described


def test_an_update_is_rolled_back_as_planned(world: Any, plan: Any, until: Any) -> None:
    world.endpoint()
    world.config("b")
    plan(fault="endpoint", status="RollingBack", moment="update", reason="alarm", seconds=0.3)
    world.call("UpdateEndpoint", EndpointName="e", EndpointConfigName="b")
    until(lambda: _in(world, "RollingBack"))
    described = world.settled()
    assert (described["EndpointStatus"], described["EndpointConfigName"]) == ("InService", "a")
    assert described["FailureReason"] == "alarm"
    assert world.invoke()["CustomAttributes"] == "model=a = 1"


def test_scaling_is_rolled_back_as_planned(world: Any, plan: Any) -> None:
    world.endpoint()
    plan(fault="endpoint", status="RollingBack", moment="update", reason="no capacity")
    desired = [{"VariantName": "main", "DesiredInstanceCount": 2}]
    world.call("UpdateEndpointWeightsAndCapacities", EndpointName="e", DesiredWeightsAndCapacities=desired)
    described = world.settled()
    assert described["FailureReason"] == "no capacity"
    assert described["ProductionVariants"][0]["DesiredInstanceCount"] == 1


def test_an_endpoint_out_of_service_comes_back_with_the_instances_that_it_is_given(
    world: Any, plan: Any, until: Any
) -> None:
    world.endpoint()
    plan(fault="endpoint", status="OutOfService", moment="update")
    world.call("UpdateEndpoint", EndpointName="e", EndpointConfigName="a")
    until(lambda: _in(world, "OutOfService"))
    desired = [{"VariantName": "main", "DesiredInstanceCount": 2}]
    world.call("UpdateEndpointWeightsAndCapacities", EndpointName="e", DesiredWeightsAndCapacities=desired)
    assert world.settled()["ProductionVariants"][0]["CurrentInstanceCount"] == 2


def test_a_rollback_fails_as_planned_and_the_former_instances_serve(world: Any, plan: Any, until: Any) -> None:
    world.endpoint()
    world.config("b")
    plan(fault="endpoint", status="UpdateRollbackFailed", moment="update")
    world.call("UpdateEndpoint", EndpointName="e", EndpointConfigName="b")
    until(lambda: _in(world, "UpdateRollbackFailed"))
    assert world.invoke()["CustomAttributes"] == "model=a = 1"
    assert world.update("b")["EndpointConfigName"] == "b"


def test_an_update_out_of_service_serves_nothing_until_the_next(world: Any, plan: Any, until: Any) -> None:
    world.endpoint()
    world.config("b")
    plan(fault="endpoint", status="OutOfService", moment="update")
    world.call("UpdateEndpoint", EndpointName="e", EndpointConfigName="b")
    assert until(lambda: _in(world, "OutOfService"))["EndpointConfigName"] == "b"
    with pytest.raises(AwsError, match="ValidationError"):
        world.invoke()
    until(lambda: world.processes() == [])
    assert world.update("a")["EndpointStatus"] == "InService"


@pytest.mark.parametrize("status", ["SystemUpdating", "Updating", "Creating", "RollingBack", "Deleting"])
def test_an_endpoint_that_shows_a_status_is_what_it_shows(world: Any, plan: Any, status: str) -> None:
    world.endpoint()
    plan(fault="endpoint", status=status, moment="entry", seconds=60)
    assert world.call("ListEndpoints", StatusEquals=status)["Endpoints"][0]["EndpointName"] == "e"
    for operation, more in {"UpdateEndpoint": {"EndpointConfigName": "a"}, "DeleteEndpoint": {}}.items():
        with pytest.raises(AwsError, match="Cannot update in-progress endpoint"):
            world.call(operation, EndpointName="e", **more)
    assert world.call("DescribeEndpoint", EndpointName="e")["EndpointStatus"] == status
    assert world.invoke()["Body"] == b"x"


def test_an_instance_that_is_killed_is_replaced(world: Any, plan: Any, until: Any) -> None:
    plan(fault="kill", endpoint="e", seconds=0.2)
    world.config("a")
    world.call("CreateEndpoint", EndpointName="e", EndpointConfigName="a")
    world.settled()
    first = set(world.processes())
    until(lambda: world.processes() and not first & set(world.processes()))
    until(lambda: world.settled()["ProductionVariants"][0]["CurrentInstanceCount"] == 1)
    assert until(lambda: _answer(world)) == b"x"  # on a busy machine the kill comes while it is looked at


def _answer(world: Any) -> Any:
    with contextlib.suppress(AwsError):
        return world.invoke()["Body"]
    return None


def _in(world: Any, status: str) -> Any:
    described = world.call("DescribeEndpoint", EndpointName="e")
    return described if described["EndpointStatus"] == status else None
