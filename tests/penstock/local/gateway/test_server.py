import urllib.request

import pytest
from werkzeug.wrappers import Response

from penstock.errors import CloudError
from penstock.local.gateway.server import Server


def test_a_free_port_is_taken_on_the_loopback_interface_only() -> None:
    server = Server(Response("here"), port=0)
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/") as response:
        assert response.read() == b"here"
    server.close()


def test_a_taken_port_is_named_with_what_to_do() -> None:
    server = Server(Response("here"), port=0)
    with pytest.raises(CloudError, match=f"Port {server.port} cannot be used: another program listens there. Choose"):
        Server(Response("there"), port=server.port)
    server.close()


@pytest.mark.parametrize("port", [70_000, -1])
def test_a_number_that_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(CloudError, match=f"Port {port} cannot be used"):
        Server(Response("here"), port=port)
