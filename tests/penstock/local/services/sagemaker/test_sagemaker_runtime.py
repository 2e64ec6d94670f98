import threading
from typing import Any

import pytest

from penstock.local.service import AwsError
from penstock.local.services.sagemaker_runtime import SageMakerRuntime

ECHO = """
import json
def predict(body, headers): return 200, json.dumps([body.decode(), *sorted(headers.items())]).encode()
"""


def refused(world: Any, **request: Any) -> AwsError:
    with pytest.raises(AwsError) as caught:
        world.invoke(**request)
    return caught.value


def test_the_answer_is_the_containers(world: Any) -> None:
    world.endpoint()
    assert world.invoke(Body=b"1,2\n") == {
        "Body": b"1,2\n",
        "ContentType": "text/plain",
        "CustomAttributes": "model=a = 1",
        "InvokedProductionVariant": "main",
    }


def test_only_these_headers_reach_the_container(world: Any) -> None:
    world.endpoint(script=ECHO)
    said = world.invoke(ContentType="text/csv", Accept="application/json", CustomAttributes="trace=1", InferenceId="i")
    assert b'["Content-Type", "text/csv"]' in said["Body"]
    assert b'["Accept", "application/json"]' in said["Body"]
    assert b'["X-Amzn-SageMaker-Custom-Attributes", "trace=1"]' in said["Body"]
    assert b"Inference" not in said["Body"]


def test_an_empty_body_is_passed_on(world: Any) -> None:
    world.endpoint(script=ECHO)
    assert b'["Content-Length", "0"]' in world.invoke(Body=b"")["Body"]


def test_many_threads_share_the_connections(world: Any) -> None:
    world.endpoint()
    answers: list[bool] = []

    def send(index: int) -> None:
        for number in range(10):
            body = f"{index}-{number}".encode()
            answers.append(world.invoke(Body=body)["Body"] == body)

    threads = [threading.Thread(target=send, args=(index,)) for index in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [True] * 80


@pytest.mark.parametrize(("status", "kind"), [(415, "client"), (500, "server")])
def test_an_error_of_the_container_is_a_model_error(world: Any, status: int, kind: str) -> None:
    world.endpoint(script=f"def predict(body, headers): return {status}, b'no good'")
    error = refused(world)
    assert (error.code, error.status) == ("ModelError", 424)
    assert error.message == (
        f'Received {kind} error ({status}) from primary with message "no good". See https://us-east-1.console.aws.'
        "amazon.com/cloudwatch/home?region=us-east-1#logEventViewer:group=/aws/sagemaker/Endpoints/e in account"
        " 123456789012 for more information."
    )
    assert (error.members["OriginalStatusCode"], error.members["OriginalMessage"]) == (status, "no good")
    assert error.members["LogStreamArn"].startswith(
        "arn:aws:logs:us-east-1:123456789012:log-group:/aws/sagemaker/Endpoints/e:log-stream:main/i-"
    )


def test_a_container_that_takes_too_long_is_a_model_error(world: Any) -> None:
    world.endpoint(script="def predict(body, headers): time.sleep(30)")
    world.runtime = SageMakerRuntime(sagemaker=world.sagemaker, metrics=world.published, timeout_seconds=0.3)
    error = refused(world)
    assert error.code == "ModelError"
    assert "Received server error (0) from primary" in error.message
    assert "timed out while waiting for a response" in error.message


def test_a_container_that_dies_under_a_request_is_a_model_error(world: Any) -> None:
    world.endpoint(script="def predict(body, headers): os._exit(1)")
    error = refused(world)
    assert error.code == "ModelError"
    assert "closed the connection" in error.message


def test_an_endpoint_that_is_not_there(world: Any) -> None:
    assert str(refused(world)) == "ValidationError: Endpoint e of account 123456789012 not found."


def test_an_endpoint_that_is_being_created_is_not_found(world: Any) -> None:
    world.config("a", "time.sleep(60)")
    world.call("CreateEndpoint", EndpointName="e", EndpointConfigName="a")
    assert str(refused(world)) == "ValidationError: Endpoint e of account 123456789012 not found."


def test_the_case_of_an_endpoints_name_matters(world: Any) -> None:
    world.endpoint()
    assert refused(world, EndpointName="E").code == "ValidationError"


def test_a_variant_can_be_chosen(world: Any) -> None:
    world.endpoint()
    assert world.invoke(TargetVariant="main")["InvokedProductionVariant"] == "main"
    assert str(refused(world, TargetVariant="other")) == "ValidationError: Variant other not found for this request."


def test_six_megabytes_pass_and_more_is_refused(world: Any) -> None:
    world.endpoint()
    most = 6 * 1024 * 1024
    assert len(world.invoke(Body=bytes(most))["Body"]) == most
    assert refused(world, Body=bytes(most + 1)).code == "ValidationError"


def test_what_is_not_served_is_refused(world: Any) -> None:
    assert "TargetModel" in refused(world, TargetModel="m.tar.gz").message
    with pytest.raises(AwsError, match="does not serve sagemaker-runtime:InvokeEndpointWithResponseStream"):
        world.runtime.call("InvokeEndpointWithResponseStream", {}, None)
