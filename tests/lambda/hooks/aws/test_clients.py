from hooks.aws import clients


def test_a_client_is_made_once() -> None:
    assert clients.client("sns") is clients.client("sns")
