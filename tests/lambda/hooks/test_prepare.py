from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from hooks.prepare import handler
from hooks.rules import InvalidInput

EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:dev-bigmart:one"
DEFAULTS = {"hyperparameters": {"seed": "0"}, "instance_types": {"train": "ml.g5.xlarge", "deploy": "ml.m5.large"}}


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Two versioned buckets, and a file of data."""
    environment = {"DATA_BUCKET": "data", "ARTEFACT_BUCKET": "artefacts", "PIPELINE": "bigmart"}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        client = boto3.client("s3")
        for bucket in ("data", "artefacts"):
            client.create_bucket(Bucket=bucket)
            client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        client.put_object(Bucket="data", Key="in/a.csv", Body=b"x,y\n1,2\n", Tagging="owner=somebody")
        yield client


def _prepare(data: str = "s3://data/in/", execution: str = EXECUTION) -> dict[str, Any]:
    return handler({"input": {"data": data}, "execution": execution, "defaults": DEFAULTS}, None)


def _pinned(s3: Any) -> dict[str, bytes]:
    found = s3.list_objects_v2(Bucket="artefacts").get("Contents", ())
    keys = [item["Key"] for item in found if item["Key"].endswith(".csv")]
    return {key: s3.get_object(Bucket="artefacts", Key=key)["Body"].read() for key in keys}


def test_the_run_is_given_all_that_it_uses(s3: Any) -> None:
    prepared = _prepare()
    folder = f"s3://artefacts/bigmart/runs/{prepared['run']}"
    assert prepared == {
        "run": prepared["run"],
        "data": f"{folder}/input/",
        "output": f"{folder}/output/",
        **DEFAULTS,
        "volume_keys": {"train": False, "deploy": True},
        "objects": 1,
        "bytes": 8,
    }


def test_the_data_are_copied_to_where_the_run_keeps_them(s3: Any) -> None:
    run = _prepare()["run"]
    assert _pinned(s3) == {f"bigmart/runs/{run}/input/0000-a.csv": b"x,y\n1,2\n"}


def test_copies_have_the_tag_that_lets_them_expire(s3: Any) -> None:
    run = _prepare()["run"]
    tags = s3.get_object_tagging(Bucket="artefacts", Key=f"bigmart/runs/{run}/input/0000-a.csv")["TagSet"]
    assert tags == [{"Key": "penstock", "Value": "pinned-data"}]


def test_the_same_execution_pins_the_same_versions_again(s3: Any) -> None:
    first = _prepare()
    s3.put_object(Bucket="data", Key="in/a.csv", Body=b"changed")
    s3.put_object(Bucket="data", Key="in/b.csv", Body=b"new")
    assert _prepare() == first
    assert list(_pinned(s3).values()) == [b"x,y\n1,2\n"]


def test_two_executions_with_one_run_id_do_not_share_data(s3: Any) -> None:
    _prepare(execution="arn:aws:states:us-east-1:123456789012:execution:dev-bigmart:7c1f09ab")
    with pytest.raises(InvalidInput, match=r"The run id 7c1f09ab of .* is taken: .*:dev-bigmart:7c1f09ab has pinned"):
        _prepare(execution="arn:aws:states:us-east-1:123456789012:execution:dev-bigmart-old:7c1f09ab")


def test_a_file_is_pinned_by_its_own_key(s3: Any) -> None:
    assert _prepare("s3://data/in/a.csv")["objects"] == 1


def test_nothing_is_pinned_for_wrong_input(s3: Any) -> None:
    with pytest.raises(InvalidInput, match="another bucket"):
        _prepare("s3://elsewhere/in/")
    assert "Contents" not in s3.list_objects_v2(Bucket="artefacts")


def test_nothing_is_pinned_where_there_are_no_data(s3: Any) -> None:
    with pytest.raises(InvalidInput, match="There are no data"):
        _prepare("s3://data/nothing/")
    assert "Contents" not in s3.list_objects_v2(Bucket="artefacts")
