"""What is said of a run that did not come to its end."""

import contextlib
import json
import socket

import pytest
from botocore.exceptions import EndpointConnectionError

from penstock.cli.outcome import outcome
from penstock.errors import CloudError, PenstockError, RunError

GONE = (
    "The local cloud at {url} has gone, and execution 7c1f09ab was cut off. Start it again with `penstock local up`,"
    " then `penstock redrive bigmart --execution 7c1f09ab` goes on."
)


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a cloud that was there: its port is held, and nobody listens."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        address = f"http://localhost:{holder.getsockname()[1]}"
    monkeypatch.setenv("AWS_ENDPOINT_URL", address)
    return address


def ended(error: Exception, execution: str | None = "7c1f09ab") -> str:
    """What is said of a run that an error ends."""
    with contextlib.suppress(PenstockError), outcome("bigmart", as_json=False) as result:
        result.execution = execution
        raise error
    return result.error or ""


@pytest.mark.parametrize("error", [EndpointConnectionError(endpoint_url="u"), CloudError("nothing answers")])
def test_a_cloud_that_has_gone_is_said_with_what_to_do(url: str, error: Exception) -> None:
    assert ended(error) == GONE.format(url=url)


@pytest.mark.usefixtures("url")
def test_without_an_execution_there_is_nothing_to_redrive() -> None:
    assert ended(CloudError("nothing answers"), execution=None) == "nothing answers"


def test_while_it_listens_a_call_was_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.getsockname()[1]}")
        said = ended(EndpointConnectionError(endpoint_url="u"))
    assert said == 'The local cloud refused a call of this run: Could not connect to the endpoint URL: "u"'


def test_a_runs_own_cloud_cannot_go_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    assert ended(EndpointConnectionError(endpoint_url="u")).startswith("The local cloud refused a call")


def test_the_result_has_the_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RunError), outcome("bigmart", as_json=True):
        raise RunError("no")
    assert json.loads(capsys.readouterr().out)["error"] == "no"
