"""A second life of the service, with what the store has kept of the first."""

from typing import Any

import pytest

from penstock.local.faults.plan import read_lines
from penstock.local.service import AwsError, JsonObject
from waiting import until


@pytest.fixture
def again(world: Any) -> Any:
    def start() -> None:
        world.sagemaker.close()
        world.programs._published.clear()
        world.start()

    return start


def test_a_job_that_ended_is_described_as_before(world: Any, again: Any) -> None:
    before = [world.trained("(base / 'model/m').write_text('x')"), world.processed("sys.exit(1)")]
    again()
    assert world.call("DescribeTrainingJob", TrainingJobName="j") == before[0]
    assert world.call("DescribeProcessingJob", ProcessingJobName="p") == before[1]


def test_a_job_that_was_under_way_has_failed(world: Any, again: Any) -> None:
    world.train("time.sleep(60)")
    world.job_in("Training")
    again()
    job = world.call("DescribeTrainingJob", TrainingJobName="j")
    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Failed", "Failed")
    assert job["FailureReason"] == "InternalServerError: the local cloud ended while the job ran"
    assert job["TrainingEndTime"] >= job["TrainingStartTime"]


def test_a_name_of_a_former_life_stays_taken(world: Any, again: Any) -> None:
    world.trained()
    again()
    with pytest.raises(AwsError, match="ResourceInUse"):
        world.train()


def test_an_endpoint_serves_again(world: Any, again: Any) -> None:
    world.endpoint(InitialVariantWeight=3.0)
    before = world.settled()
    again()
    assert world.call("DescribeEndpoint", EndpointName="e")["EndpointStatus"] == "SystemUpdating"
    after = world.settled()
    assert world.invoke()["CustomAttributes"] == "model=a = 1"
    assert after.pop("LastModifiedTime") > before.pop("LastModifiedTime")
    assert after == before


def test_an_endpoint_serves_again_without_its_configuration_and_model(world: Any, again: Any) -> None:
    world.endpoint()
    world.call("DeleteEndpointConfig", EndpointConfigName="a")
    world.call("DeleteModel", ModelName="a")
    again()
    world.settled()
    assert world.invoke()["CustomAttributes"] == "model=a = 1"


def test_an_update_that_was_under_way_is_made_while_the_former_configuration_serves(world: Any, again: Any) -> None:
    world.endpoint()
    gate = world.work / "gate"
    world.config("b", f"while not os.path.exists({str(gate)!r}): time.sleep(0.01)")
    world.call("UpdateEndpoint", EndpointName="e", EndpointConfigName="b")
    again()
    again()
    shown = world.call("DescribeEndpoint", EndpointName="e")
    assert (shown["EndpointStatus"], shown["EndpointConfigName"]) == ("SystemUpdating", "a")
    assert shown["PendingDeploymentSummary"]["EndpointConfigName"] == "b"
    until(lambda: world.call("DescribeEndpoint", EndpointName="e")["EndpointStatus"] == "Updating")
    assert world.invoke()["CustomAttributes"] == "model=a = 1"
    gate.touch()
    described = world.settled()
    assert (described["EndpointStatus"], described["EndpointConfigName"]) == ("InService", "b")
    assert "PendingDeploymentSummary" not in described
    assert world.invoke()["CustomAttributes"] == "model=b = 1"


def test_an_update_whose_endpoint_cannot_serve_again_is_not_made(world: Any, again: Any) -> None:
    world.endpoint()
    world.config("b", "time.sleep(60)")
    world.call("UpdateEndpoint", EndpointName="e", EndpointConfigName="b")
    world.clients.operator("ecr").delete_repository(repositoryName="dev-forest", force=True)
    again()
    described = world.settled()
    assert described["EndpointStatus"] == "Failed"
    assert "PendingDeploymentSummary" not in described


def test_an_update_that_was_being_rolled_back_is_not_made_and_its_reason_stays(world: Any, again: Any) -> None:
    world.endpoint()
    world.config("b")
    world.faults.plan(read_lines(["endpoint=RollingBack:update,seconds=60"]))
    world.call("UpdateEndpoint", EndpointName="e", EndpointConfigName="b")

    def status() -> str:
        return str(world.call("DescribeEndpoint", EndpointName="e")["EndpointStatus"])

    until(lambda: status() == "RollingBack")
    reason = world.call("DescribeEndpoint", EndpointName="e")["FailureReason"]
    again()
    described = world.settled()
    assert (described["EndpointConfigName"], described["FailureReason"]) == ("a", reason)


def test_an_endpoint_that_was_being_made_is_made(world: Any, again: Any) -> None:
    world.config("a")
    world.call("CreateEndpoint", EndpointName="e", EndpointConfigName="a")
    again()
    assert world.settled()["EndpointStatus"] == "InService"


def test_a_failed_endpoint_stays_failed(world: Any, again: Any) -> None:
    world.config("a", "raise SystemExit")
    world.call("CreateEndpoint", EndpointName="e", EndpointConfigName="a")
    before = world.settled()
    again()
    assert world.call("DescribeEndpoint", EndpointName="e") == before


def test_an_endpoint_that_was_being_deleted_is_gone(world: Any, again: Any) -> None:
    world.endpoint(script="import signal\nsignal.signal(signal.SIGTERM, lambda *_: time.sleep(60))")
    world.call("DeleteEndpoint", EndpointName="e")
    again()
    assert world.call("ListEndpoints") == {"Endpoints": []}


def test_an_endpoint_whose_image_has_gone_fails(world: Any, again: Any) -> None:
    world.endpoint()
    world.clients.operator("ecr").delete_repository(repositoryName="dev-forest", force=True)
    again()
    described = world.settled()
    assert described["EndpointStatus"] == "Failed"
    assert "not found" in described["FailureReason"]


def test_models_configurations_packages_and_tags_are_there_again(world: Any, again: Any) -> None:
    world.config("a")
    world.call("CreateModelPackageGroup", ModelPackageGroupName="g")
    arn = world.call("CreateModelPackage", ModelPackageGroupName="g")["ModelPackageArn"]
    world.call("AddTags", ResourceArn=arn, Tags=[{"Key": "k", "Value": "v"}])

    def all_of_it() -> list[JsonObject]:
        return [
            world.call("DescribeModel", ModelName="a"),
            world.call("DescribeEndpointConfig", EndpointConfigName="a"),
            world.call("DescribeModelPackageGroup", ModelPackageGroupName="g"),
            world.call("DescribeModelPackage", ModelPackageName=arn),
            world.call("ListTags", ResourceArn=arn),
        ]

    before = all_of_it()
    again()
    assert all_of_it() == before
    assert world.call("CreateModelPackage", ModelPackageGroupName="g")["ModelPackageArn"].endswith("/g/2")
