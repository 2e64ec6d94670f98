from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from penstock.run.artefacts import Artefacts


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="bucket")
        for name, text in (("failure.txt", "why"), ("profile/profile.json", '{"a": 1}')):
            client.put_object(Bucket="bucket", Key=f"p/runs/1/{name}", Body=text.encode())
        yield client


def test_files_are_read_by_their_names_in_the_folder(s3: Any) -> None:
    stored = Artefacts(s3, "s3://bucket/p/runs/1")
    assert (stored.text("failure.txt"), stored.json("profile/profile.json")) == ("why", {"a": 1})
    assert stored.names("pro") == ["profile/profile.json"]


def test_what_is_not_there_is_nothing(s3: Any) -> None:
    stored = Artefacts(s3, "s3://bucket/p/runs/1/")
    assert (stored.text("x"), stored.json("x"), stored.content("x")) == ("", {}, None)


def test_a_run_without_a_folder_has_nothing() -> None:
    assert Artefacts(None, "").content("x") is None
    assert Artefacts(None, "").names("") == []


def test_what_is_there_is_copied_under_its_own_name(s3: Any, tmp_path: Path) -> None:
    Artefacts(s3, "s3://bucket/p/runs/1").fetch(tmp_path)
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {
        "failure.txt": "why",
        "profile.json": '{"a": 1}',
    }


def test_a_denial_is_no_missing_file() -> None:
    class Denying:
        def get_object(self, **_arguments: str) -> None:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "GetObject")

    with pytest.raises(ClientError, match="AccessDenied"):
        Artefacts(Denying(), "s3://bucket/p").content("x")
