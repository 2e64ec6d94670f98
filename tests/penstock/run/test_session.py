from pathlib import Path

import pytest

from penstock.errors import CloudError
from penstock.run.session import session
from penstock.spec import Environment


def test_a_cloud_that_runs_already_keeps_its_speed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://localhost:1")
    with (
        pytest.raises(CloudError, match="--speed is for a cloud that starts with the run"),
        session(tmp_path, Environment(), speed=2),
    ):
        raise AssertionError("it connected")
