import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto.core.request import Request
from werkzeug.wrappers import Response

from penstock.errors import CloudError, DeployError
from penstock.local.control import Connection, Control
from penstock.local.faults import Faults
from penstock.local.faults.plan import read_lines
from penstock.local.gateway.server import Server
from penstock.local.service import JsonObject

KEY = "operators-secret"


def deploy(assembly: Path, stage: str) -> JsonObject:
    if stage == "broken":
        raise DeployError("dev-platform: Data: unknown property")
    if stage == "unforeseen":
        raise KeyError("Type")
    return {"assembly": str(assembly), "stage": stage}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    control = Control(
        key=KEY,
        describe=lambda: {"root": "here"},
        deploy=deploy,
        diff=deploy,
        destroy=lambda stage: {"gone": stage},
        faults=Faults().serve,
        permissions=lambda: {"roles": []},
    )
    server = Server(Request.application(control), port=0)
    yield f"http://127.0.0.1:{server.port}"
    server.close()


def test_a_cloud_says_where_it_lives(url: str) -> None:
    assert Connection(url=url, key=KEY).describe() == {"root": "here"}


def test_a_deploy_is_asked_for_with_its_assembly_and_stage(url: str) -> None:
    assert Connection(url=url, key=KEY).deploy(Path("cdk.out"), "dev") == {"assembly": "cdk.out", "stage": "dev"}


def test_a_failed_deploy_is_raised_as_it_was_said(url: str) -> None:
    with pytest.raises(DeployError, match=r"^dev-platform: Data: unknown property$"):
        Connection(url=url, key=KEY).deploy(Path("cdk.out"), "broken")


def test_what_fails_in_the_cloud_itself_is_answered_and_logged(url: str, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(CloudError, match=r"^The local cloud at .* failed \(KeyError: 'Type'\); the errors\.log in"):
        Connection(url=url, key=KEY).deploy(Path("cdk.out"), "unforeseen")
    assert "Traceback" in caplog.text


def test_faults_are_planned_listed_and_forgotten(url: str) -> None:
    connection = Connection(url=url, key=KEY)
    first, second = connection.faults(plan=read_lines(["hang=training", "lose=sns:Publish*2"]))["planned"]
    assert connection.faults(forget=[first])["faults"] == [{"id": second, "fault": "lose=sns:Publish*2", "met": []}]
    assert connection.faults()["faults"] != []
    assert connection.faults(forget=None)["faults"] == []


def test_without_the_operators_key_nothing_is_done(url: str) -> None:
    with pytest.raises(CloudError, match=r"secret key is missing or wrong. Export the variables"):
        Connection(url=url, key="guessed").deploy(Path("cdk.out"), "dev")


def test_another_name_that_points_here_is_not_answered_to(url: str) -> None:
    request = urllib.request.Request(f"{url}/_penstock/cloud", headers={"X-Penstock-Key": KEY, "Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    with refused.value as answer:
        assert json.load(answer) == {"error": "It answers to localhost and 127.0.0.1 only, and not to evil.example."}


def test_where_nothing_answers_the_message_says_what_to_do() -> None:
    with pytest.raises(
        CloudError, match=r"No local cloud of Penstock answers at http://127.0.0.1:9 .*penstock local up"
    ):
        Connection(url="http://127.0.0.1:9", key=KEY).describe()


@pytest.mark.parametrize("url", ["nonsense", "http://localhost:port", "http://[", "s3://bucket"])
def test_what_is_no_address_is_said(url: str) -> None:
    with pytest.raises(CloudError, match="No local cloud of Penstock answers at "):
        Connection(url=url, key=KEY).describe()


def test_something_else_that_answers_is_no_cloud() -> None:
    other = Server(Response("hello", status=418), port=0)
    with pytest.raises(CloudError, match=r"is no local cloud of Penstock: it answered 418"):
        Connection(url=f"http://127.0.0.1:{other.port}", key=KEY).describe()
    other.close()


def test_a_difference_and_a_removal_are_asked_for_by_stage(url: str) -> None:
    connection = Connection(url=url, key=KEY)
    assert connection.diff(Path("cdk.out"), "dev") == {"assembly": "cdk.out", "stage": "dev"}
    assert connection.destroy("dev") == {"gone": "dev"}
