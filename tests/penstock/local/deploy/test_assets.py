import io
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

from penstock.assembly import FileAsset
from penstock.local.deploy.assets import bootstrap, publish, stored, zip_folder

BUCKET = "cdk-hnb659fds-assets-123456789012-us-east-1"
PLACE = "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    hooks = tmp_path / "asset" / "hooks"
    hooks.mkdir(parents=True)
    (hooks / "prepare.py").write_text("def handler(): ...")
    (hooks / "run").write_text("#!/bin/sh")
    (hooks / "run").chmod(0o755)
    return tmp_path / "asset"


def body(account: Any, key: str) -> bytes:
    content: bytes = account.client("s3").get_object(Bucket=BUCKET, Key=key)["Body"].read()
    return content


def test_a_folder_is_published_as_a_zip_file(account: Any, folder: Path) -> None:
    bootstrap(account.clients)
    publish(account.clients, [FileAsset(folder, zipped=True, bucket=PLACE, key="1.zip")])
    with zipfile.ZipFile(io.BytesIO(body(account, "1.zip"))) as archive:
        assert archive.read("hooks/prepare.py") == b"def handler(): ..."
        assert archive.getinfo("hooks/run").external_attr >> 16 & 0o777 == 0o755


def test_a_file_is_published_as_it_is(account: Any, folder: Path) -> None:
    bootstrap(account.clients)
    publish(account.clients, [FileAsset(folder / "hooks" / "prepare.py", zipped=False, bucket=PLACE, key="1.py")])
    assert body(account, "1.py") == b"def handler(): ..."


def test_what_is_there_is_not_published_again(account: Any, folder: Path) -> None:
    assets = [FileAsset(folder, zipped=True, bucket=PLACE, key="1.zip")]
    bootstrap(account.clients)
    publish(account.clients, assets)
    account.calls.clear()
    bootstrap(account.clients)
    publish(account.clients, assets)
    assert account.mutations == []


def test_the_same_files_give_the_same_zip_file(folder: Path) -> None:
    first = zip_folder(folder)
    os.utime(folder / "hooks" / "prepare.py", (0, 0))
    assert zip_folder(folder) == first


def test_the_bootstraps_version_is_there_when_it_is_asked_for(account: Any) -> None:
    name = "/cdk-bootstrap/hnb659fds/version"
    assert stored(account.clients, name) == "33"
    assert account.client("ssm").get_parameter(Name=name)["Parameter"]["Value"] == "33"


def test_any_other_parameter_is_what_was_put(account: Any) -> None:
    assert stored(account.clients, "/mine") is None
    account.client("ssm").put_parameter(Name="/mine", Value="1", Type="String")
    assert stored(account.clients, "/mine") == "1"
