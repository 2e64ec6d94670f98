"""A cloud that stays, and what a person does with it."""

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from waiting import until

ENDPOINT = "dev-bigmart"
HEADER = (
    "Item_Identifier,Item_Weight,Item_Fat_Content,Item_Visibility,Item_Type,Item_MRP,Outlet_Identifier,"
    "Outlet_Establishment_Year,Outlet_Size,Outlet_Location_Type,Outlet_Type"
)
ROW = "FDX01,9.3,Low Fat,0.016,Dairy,249.8,OUT049,1999,Medium,Tier 1,Supermarket Type1"


@pytest.fixture(scope="module")
def served(cloud: Any, records: Path) -> dict[str, Any]:
    """The result of a first run: the endpoint is there from now on."""
    ended = cloud.run(records)
    assert ended.code == 0, ended.said
    result: dict[str, Any] = ended.result
    return result


def test_it_prints_the_variables_of_an_unchanged_client(cloud: Any) -> None:
    assert re.fullmatch(r"http://localhost:\d+", cloud.variables["AWS_ENDPOINT_URL"])
    assert cloud.variables["AWS_DEFAULT_REGION"] == "us-east-1"


def test_a_run_deploys_a_model_and_says_what_it_is(served: dict[str, Any]) -> None:
    assert (served["status"], served["outcome"]) == ("SUCCEEDED", "DEPLOYED")
    assert (served["pipeline"], served["endpoint"]) == ("bigmart", ENDPOINT)
    assert served["model"].startswith("dev-bigmart-")
    assert 0 < served["metrics"]["rmse"] < 2000
    names = [state["name"] for state in served["states"]]
    assert names[:5] == ["Prepare", "Known model", "Check data", "Process", "Train"]
    assert names[-4:] == ["Smoke test", "Tidy", "Release lock", "Publish"]
    assert {state["status"] for state in served["states"]} == {"SUCCEEDED"}


def test_boto3_describes_and_invokes(cloud: Any, served: dict[str, Any]) -> None:
    described = cloud.client("sagemaker").describe_endpoint(EndpointName=ENDPOINT)
    assert described["EndpointStatus"] == "InService"
    answer = cloud.client("sagemaker-runtime").invoke_endpoint(
        EndpointName=ENDPOINT, ContentType="text/csv", Body=f"{HEADER}\n{ROW}\n"
    )
    assert 0 < float(answer["Body"].read()) < 14_000
    assert re.fullmatch("model=[0-9a-f]{12}", answer["CustomAttributes"])


def test_the_aws_cli_lists_describes_and_invokes(cloud: Any, served: dict[str, Any], tmp_path: Path) -> None:
    def aws(*arguments: str) -> Any:
        program = Path(sys.executable).with_name("aws")
        shell = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        done = subprocess.run(
            [program, *arguments], env=shell | cloud.variables, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    listed = aws("sagemaker", "list-endpoints")["Endpoints"]
    assert [endpoint["EndpointName"] for endpoint in listed] == [ENDPOINT]
    assert aws("sagemaker", "describe-model", "--model-name", served["model"])["ModelName"] == served["model"]
    body, answer = tmp_path / "body.csv", tmp_path / "answer"
    body.write_text(ROW)
    invoked = aws(
        *("sagemaker-runtime", "invoke-endpoint", "--endpoint-name", ENDPOINT, "--content-type", "text/csv"),
        *("--body", f"fileb://{body}", str(answer)),
    )
    assert invoked["InvokedProductionVariant"] == "main"
    assert float(answer.read_text()) > 0


_SDK = """
import json, sys
from sagemaker.core.resources import Endpoint
endpoint = Endpoint.get(endpoint_name=sys.argv[1])
answer = endpoint.invoke(body=sys.argv[2], content_type="text/csv", accept="application/json")
print(json.dumps({"status": endpoint.endpoint_status, "answer": json.loads(answer.body.read())}))
"""


def test_the_sagemaker_sdk_gets_the_endpoint_and_invokes_it(cloud: Any, served: dict[str, Any]) -> None:
    shell = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    done = subprocess.run(
        [sys.executable, "-c", _SDK, ENDPOINT, ROW],
        env=shell | cloud.variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["status"] == "InService"
    assert len(said["answer"]["predictions"]) == 1


def test_bad_data_stop_the_run_and_the_endpoint_serves_on(
    cloud: Any, served: dict[str, Any], records: Path, tmp_path: Path
) -> None:
    serving = cloud.client("sagemaker").describe_endpoint(EndpointName=ENDPOINT)
    spoilt = tmp_path / "spoilt.csv"
    spoilt.write_text("\n".join(line.rpartition(",")[0] for line in records.read_text().splitlines()))
    ended = cloud.run(spoilt)
    assert ended.code == 1
    assert (ended.result["status"], ended.result["outcome"]) == ("FAILED", None)
    assert (ended.result["states"][-1]["name"], ended.result["states"][-1]["status"]) == ("Check data", "FAILED")
    assert "Item_Outlet_Sales" in ended.result["error"]
    assert "Traceback" not in ended.said
    now = cloud.client("sagemaker").describe_endpoint(EndpointName=ENDPOINT)
    assert now["EndpointConfigName"] == serving["EndpointConfigName"]
    answer = cloud.client("sagemaker-runtime").invoke_endpoint(EndpointName=ENDPOINT, ContentType="text/csv", Body=ROW)
    assert float(answer["Body"].read()) > 0


def test_an_empty_file_is_refused_before_anything_starts(cloud: Any, tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.touch()
    ended = cloud.run(empty)
    assert ended.code == 1
    assert "the file is empty" in ended.result["error"]
    assert ended.result["execution"] is None


def test_a_cloud_of_another_project_is_not_used(cloud: Any, tmp_path: Path, penstock: Any) -> None:
    (tmp_path / "pipelines").mkdir()
    refused = penstock("local", "run", "bigmart", AWS_ENDPOINT_URL="http://localhost:9", AWS_ACCESS_KEY_ID="x")
    assert refused.code == 1
    assert "AWS_SECRET_ACCESS_KEY not set" in refused.said


def test_a_taken_port_is_said(cloud: Any, penstock_process: Any, tmp_path: Path) -> None:
    port = cloud.variables["AWS_ENDPOINT_URL"].rpartition(":")[2]
    refused = penstock_process("local", "up", "--port", port, "--state", str(tmp_path))
    assert refused.code == 1
    assert f"Port {port} cannot be used: another program listens there" in refused.said


@pytest.fixture(scope="module")
def first(tiny_cloud: Any, tiny_records: Path) -> dict[str, Any]:
    """The result of a first run, where what the programs do does not matter."""
    ended = tiny_cloud.run(tiny_records)
    assert ended.code == 0, ended.said
    result: dict[str, Any] = ended.result
    return result


class Client(threading.Thread):
    """Sends fifty requests a second, and keeps the model or the error that each one got."""

    def __init__(self, runtime: Any) -> None:
        super().__init__()
        self._runtime = runtime
        self._over = threading.Event()
        self.answers: list[str] = []

    def run(self) -> None:
        while not self._over.wait(0.02):
            try:
                answer = self._runtime.invoke_endpoint(EndpointName="dev-tiny", ContentType="text/csv", Body="1")
                answer["Body"].read()
                self.answers.append(answer["CustomAttributes"])
            except Exception as error:
                self.answers.append(f"failed: {error}")

    def end(self) -> list[str]:
        self._over.set()
        self.join()
        return self.answers


def test_another_run_is_an_update_that_loses_no_request_and_ends_the_old_variant(
    tiny_cloud: Any, first: dict[str, Any], tiny_records: Path, processes_of: Any
) -> None:
    work = tiny_cloud.work() / "sagemaker"
    before = set(processes_of(work))
    client = Client(tiny_cloud.client("sagemaker-runtime"))
    client.start()
    ended = tiny_cloud.run(tiny_records)
    time.sleep(0.5)
    answers = client.end()
    assert (ended.code, ended.result["outcome"]) == (0, "DEPLOYED"), ended.said
    assert ended.result["execution"] != first["execution"]
    assert [answer for answer in answers if answer.startswith("failed")] == []
    assert len(set(answers)) == 2
    assert answers[0] != answers[-1]
    assert not before & set(processes_of(work))


def test_a_model_that_fails_its_smoke_test_gives_way_to_the_former_one(
    tiny_cloud: Any, first: dict[str, Any], tiny_records: Path
) -> None:
    sagemaker = tiny_cloud.client("sagemaker")
    served = sagemaker.describe_endpoint(EndpointName="dev-tiny")["EndpointConfigName"]
    ended = tiny_cloud.run(tiny_records, "train.hyperparameters.predicts=500")
    assert (ended.code, ended.result["states"][-1]["name"]) == (1, "Smoke test failed")
    assert "more than the maximum 100" in ended.result["error"]
    assert f"was put back: it serves {served} again, as before this run." in ended.result["error"]
    described = sagemaker.describe_endpoint(EndpointName="dev-tiny")
    assert (described["EndpointStatus"], described["EndpointConfigName"]) == ("InService", served)


def told(tiny_cloud: Any) -> Callable[[], list[str]]:
    """Read what the topic of the platform says from now on."""
    sns, sqs = tiny_cloud.client("sns"), tiny_cloud.client("sqs")
    queue = sqs.create_queue(QueueName="reader")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    topic = sns.list_topics()["Topics"][0]["TopicArn"]
    sender = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage"}
    policy = {"Version": "2012-10-17", "Statement": [sender | {"Resource": arn}]}
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": json.dumps(policy)})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)

    def read() -> list[str]:
        messages = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=1).get("Messages", [])
        return [json.loads(message["Body"])["Message"] for message in messages]

    return read


def test_a_wrong_override_fails_at_the_state_that_sees_it_and_the_topic_is_told(
    tiny_cloud: Any, first: dict[str, Any], tiny_records: Path
) -> None:
    read, said = told(tiny_cloud), list[str]()
    wrong = tiny_cloud.run(tiny_records, "train.hyperparameters.break=1\n2")
    assert (wrong.code, wrong.result["states"][-1]["name"]) == (1, "Prepare")
    assert "break" in wrong.result["error"]

    def reported() -> bool:
        said.extend(read())
        return any("Prepare" in body and "break" in body for body in said)

    until(reported)
    unknown = tiny_cloud.run(tiny_records, "train.hyperparameters.break=no such hyperparameter")
    assert (unknown.code, unknown.result["states"][-1]["name"]) == (1, "Train")
    assert "no such hyperparameter" in unknown.result["error"]
