import io
import os
import signal
import tarfile
from pathlib import Path
from typing import Any

import pytest

from penstock.local.programs.program import Program
from penstock.local.service import AwsError

ARN = "arn:aws:sagemaker:us-east-1:123456789012:endpoint/e"
PING = (
    "The primary container for production variant main did not pass the ping health check. Please check CloudWatch logs"
    " for this endpoint."
)


def served(world: Any) -> bool:
    try:
        return bool(world.invoke()["Body"] == b"x")
    except AwsError as error:
        assert error.code in {"ServiceUnavailable", "ModelError"}  # noqa: PT017
        return False


def test_an_endpoint_is_creating_and_then_in_service(world: Any) -> None:
    world.config("a")
    assert world.call("CreateEndpoint", EndpointName="e", EndpointConfigName="a") == {"EndpointArn": ARN}
    described = world.call("DescribeEndpoint", EndpointName="e")
    assert described["EndpointStatus"] == "Creating"
    assert "ProductionVariants" not in described
    assert world.settled()["EndpointStatus"] == "InService"


def test_an_endpoint_in_service_says_what_it_serves(world: Any) -> None:
    world.endpoint(instances=2, InitialVariantWeight=3.0)
    described = world.settled()
    (variant,) = described["ProductionVariants"]
    (image,) = variant.pop("DeployedImages")
    assert described["EndpointConfigName"] == "a"
    assert "FailureReason" not in described
    assert "PendingDeploymentSummary" not in described
    assert variant == {
        "VariantName": "main",
        "CurrentWeight": 3.0,
        "DesiredWeight": 3.0,
        "CurrentInstanceCount": 2,
        "DesiredInstanceCount": 2,
    }
    assert image["SpecifiedImage"] == world.image
    assert image["ResolvedImage"].startswith(world.image.rpartition(":")[0] + "@sha256:")


def test_each_instance_is_a_process(world: Any) -> None:
    world.endpoint(script="import os\ndef predict(body, headers): return 200, str(os.getpid()).encode()", instances=2)
    assert len({world.invoke()["Body"] for _ in range(2)}) == 2
    assert len(world.processes()) == 2 * 3  # two guards each


def test_a_container_that_never_answers_a_ping_fails_the_endpoint(world: Any) -> None:
    world.config("a", "def ping(): return 503", ContainerStartupHealthCheckTimeoutInSeconds=0.5)
    world.call("CreateEndpoint", EndpointName="e", EndpointConfigName="a")
    described = world.settled()
    assert (described["EndpointStatus"], described["FailureReason"]) == ("Failed", PING)
    assert world.processes() == []


def test_a_container_that_crashes_at_its_start_fails_the_endpoint_soon(world: Any) -> None:
    world.config("a", "raise SystemExit('no model')")
    world.call("CreateEndpoint", EndpointName="e", EndpointConfigName="a")
    described = world.settled()
    assert (described["EndpointStatus"], described["FailureReason"]) == ("Failed", PING)
    assert "no model" in world.messages("/aws/sagemaker/Endpoints/e")


def test_a_container_that_is_slow_to_start_is_waited_for(world: Any) -> None:
    world.config("a", "time.sleep(0.5)")
    world.call("CreateEndpoint", EndpointName="e", EndpointConfigName="a")
    assert world.settled()["EndpointStatus"] == "InService"


def test_an_instance_that_dies_is_replaced(world: Any, until: Any) -> None:
    world.endpoint(script="def predict(body, headers): os._exit(1) if body == b'die' else None; return 200, body")
    with pytest.raises(AwsError, match="ModelError"):
        world.invoke(Body=b"die")
    until(lambda: served(world))
    assert world.settled()["EndpointStatus"] == "InService"


def test_an_instance_whose_supervisor_is_killed_is_replaced(world: Any, until: Any) -> None:
    world.endpoint()
    before = world.processes()
    os.kill(min(before), signal.SIGKILL)
    until(lambda: not set(before) & set(world.processes()))
    until(lambda: served(world))
    assert world.settled()["ProductionVariants"][0]["CurrentInstanceCount"] == 1


def test_a_damaged_artefact_fails_the_endpoint(world: Any) -> None:
    world.config("a")
    world.put("a/model.tar.gz", b"no archive")
    world.call("CreateEndpoint", EndpointName="e", EndpointConfigName="a")
    described = world.settled()
    assert described["EndpointStatus"] == "Failed"
    assert described["FailureReason"].startswith('Failed to extract model data archive from URL "s3://artefacts/a/')


def test_an_artefact_that_leads_out_of_its_folder_fails_the_endpoint(world: Any) -> None:
    world.config("a")
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("../../outside"))
    world.put("a/model.tar.gz", content.getvalue())
    world.call("CreateEndpoint", EndpointName="e", EndpointConfigName="a")
    assert world.settled()["EndpointStatus"] == "Failed"
    assert not list(world.work.rglob("outside"))


def test_an_artefact_that_has_gone_fails_the_endpoint(world: Any) -> None:
    world.config("a")
    world.clients.operator("s3").delete_object(Bucket="artefacts", Key="a/model.tar.gz")
    world.call("CreateEndpoint", EndpointName="e", EndpointConfigName="a")
    assert world.settled()["FailureReason"].startswith("Failed to download model data from URL")


def test_a_program_that_cannot_be_started_fails_the_endpoint(world: Any) -> None:
    world.config("a")
    world.programs._published[world.image] = Program(Path("/gone"), Path("/gone"))
    world.call("CreateEndpoint", EndpointName="e", EndpointConfigName="a")
    described = world.settled()
    assert (described["EndpointStatus"], described["FailureReason"]) == ("Failed", PING)


def test_a_fault_of_ours_fails_the_endpoint_and_shows(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    world.config("a")
    monkeypatch.setattr(world.programs, "program", lambda _image: 1 // 0)
    world.call("CreateEndpoint", EndpointName="e", EndpointConfigName="a")
    assert world.settled()["FailureReason"].startswith("Request to service failed: ZeroDivisionError")


def test_the_log_is_a_file_and_in_cloudwatch(world: Any) -> None:
    world.endpoint(script="print('model loaded', flush=True)")
    world.call("DeleteEndpoint", EndpointName="e")
    world.sagemaker.close()
    (log,) = world.work.glob("endpoints/e/main/*.log")
    assert log.read_text() == "model loaded\nserving\n"
    assert world.messages("/aws/sagemaker/Endpoints/e") == ["model loaded", "serving"]


def test_a_container_has_its_roles_credentials_and_the_models_variables(world: Any) -> None:
    world.model("a", "import json\ndef predict(body, headers): return 200, json.dumps(dict(os.environ)).encode()")
    container = {"Image": world.image, "ModelDataUrl": "s3://artefacts/a/model.tar.gz", "Environment": {"MINE": "1"}}
    role = "arn:aws:iam::123456789012:role/dev-bigmart-execution"
    world.call("CreateModel", ModelName="b", PrimaryContainer=container, ExecutionRoleArn=role)
    variant = {"VariantName": "v", "ModelName": "b", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    world.call("CreateEndpointConfig", EndpointConfigName="b", ProductionVariants=[variant])
    world.call("CreateEndpoint", EndpointName="e", EndpointConfigName="b")
    world.settled()
    environment = world.invoke()["Body"].decode()
    assert '"MINE": "1"' in environment
    assert '"AWS_SESSION_TOKEN"' in environment
    assert '"BIND_HOST": "127.0.0.1"' in environment


def test_a_deleted_endpoint_is_deleting_and_then_gone(world: Any, until: Any) -> None:
    world.endpoint(script="import signal\nsignal.signal(signal.SIGTERM, lambda *_: (time.sleep(0.2), os._exit(0)))")
    assert world.call("DeleteEndpoint", EndpointName="e") == {}
    assert world.call("DescribeEndpoint", EndpointName="e")["EndpointStatus"] == "Deleting"
    with pytest.raises(AwsError, match=r"ValidationError: Endpoint e of account 123456789012 not found\."):
        world.invoke()

    def gone() -> bool:
        try:
            world.call("DescribeEndpoint", EndpointName="e")
        except AwsError as error:
            return str(error) == f'ValidationException: Could not find endpoint "{ARN}".'
        return False

    until(gone)
    assert world.processes() == []


def test_a_failed_endpoint_can_be_deleted_and_made_again(world: Any, until: Any) -> None:
    world.config("a", "raise SystemExit")
    world.call("CreateEndpoint", EndpointName="e", EndpointConfigName="a")
    world.settled()
    world.call("DeleteEndpoint", EndpointName="e")
    until(lambda: world.call("ListEndpoints")["Endpoints"] == [])
    world.endpoint("b")


def test_a_name_that_is_taken_is_refused(world: Any) -> None:
    world.endpoint()
    message = f'ValidationException: Cannot create already existing endpoint "{ARN}".'
    for name in ("e", "E"):
        with pytest.raises(AwsError) as caught:
            world.call("CreateEndpoint", EndpointName=name, EndpointConfigName="a")
        assert str(caught.value) == message


def test_a_configuration_that_is_not_there_is_refused(world: Any) -> None:
    with pytest.raises(AwsError, match=r'Could not find endpoint configuration "arn:.*:endpoint-config/none"\.'):
        world.call("CreateEndpoint", EndpointName="e", EndpointConfigName="none")


def test_a_configuration_whose_model_was_deleted_is_refused(world: Any) -> None:
    world.config("a")
    world.call("DeleteModel", ModelName="a")
    with pytest.raises(AwsError, match=r'Could not find model "arn:.*:model/a"'):
        world.call("CreateEndpoint", EndpointName="e", EndpointConfigName="a")


@pytest.mark.parametrize("operation", ["UpdateEndpoint", "DeleteEndpoint"])
def test_an_endpoint_in_progress_cannot_be_changed(world: Any, operation: str) -> None:
    world.config("a", "time.sleep(60)")
    world.call("CreateEndpoint", EndpointName="e", EndpointConfigName="a")
    request = {"EndpointConfigName": "a"} if operation == "UpdateEndpoint" else {}
    with pytest.raises(AwsError) as caught:
        world.call(operation, EndpointName="e", **request)
    assert str(caught.value) == f'ValidationException: Cannot update in-progress endpoint "{ARN}".'


def _two_variants(world: Any, **weights: float) -> None:
    variants = [
        {"VariantName": name, "ModelName": name, "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
        | {"InitialVariantWeight": weight}
        for name, weight in weights.items()
    ]
    for name in weights:
        world.model(name)
    world.call("CreateEndpointConfig", EndpointConfigName="ab", ProductionVariants=variants)
    world.call("CreateEndpoint", EndpointName="e", EndpointConfigName="ab")
    world.settled()


def test_traffic_is_split_by_weight(world: Any) -> None:
    _two_variants(world, a=3.0, b=1.0)
    invoked = [world.invoke()["InvokedProductionVariant"] for _ in range(8)]
    assert {name: invoked.count(name) for name in ("a", "b")} == {"a": 6, "b": 2}


def test_a_variant_whose_weight_becomes_nothing_gets_no_request_any_more(world: Any) -> None:
    _two_variants(world, a=1.0, b=1.0)
    assert world.invoke()["InvokedProductionVariant"] == "a"  # the next one would be for b
    desired = [{"VariantName": "b", "DesiredWeight": 0.0}]
    world.call("UpdateEndpointWeightsAndCapacities", EndpointName="e", DesiredWeightsAndCapacities=desired)
    world.settled()
    assert {world.invoke()["InvokedProductionVariant"] for _ in range(4)} == {"a"}


def test_endpoints_are_listed_by_status(world: Any) -> None:
    world.endpoint()
    assert [item["EndpointName"] for item in world.call("ListEndpoints", StatusEquals="InService")["Endpoints"]] == [
        "e"
    ]
    assert world.call("ListEndpoints", StatusEquals="Failed") == {"Endpoints": []}


def test_closing_leaves_no_process(world: Any) -> None:
    world.endpoint(instances=2)
    world.config("slow", "time.sleep(60)")
    world.call("UpdateEndpoint", EndpointName="e", EndpointConfigName="slow")
    world.sagemaker.close()
    assert world.processes() == []
