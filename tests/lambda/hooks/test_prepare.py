import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from hooks import champions
from hooks.aws import sagemaker
from hooks.prepare import handler
from hooks.rules import InvalidInput

EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:dev-bigmart:one"
DEFAULTS: dict[str, Any] = {
    "hyperparameters": {"seed": "0"},
    "instance_types": {"train": "ml.g5.xlarge", "deploy": "ml.m5.large"},
    "settings": {"check": {"maximum_empty_percent": 100}, "evaluate": {}, "gate": None},
    "tuned": [],
}
ARTEFACT = "s3://artefacts/bigmart/runs/00000001/output/job/output/model.tar.gz"


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Two versioned buckets, and a file of data."""
    environment = {"DATA_BUCKET": "data", "ARTEFACT_BUCKET": "artefacts", "PIPELINE": "bigmart"}
    for name, value in {**environment, "NAME": "dev-bigmart", "KIND": "realtime"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(champions, "find", dict)
    with mock_aws():
        client = boto3.client("s3")
        for bucket in ("data", "artefacts"):
            client.create_bucket(Bucket=bucket)
            client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        client.put_object(Bucket="data", Key="in/a.csv", Body=b"x,y\n1,2\n", Tagging="owner=somebody")
        yield client


def _prepare(data: str = "s3://data/in/", execution: str = EXECUTION, **more: Any) -> dict[str, Any]:
    return _prepare_for({"data": data, **more}, execution)


def _prepare_for(wanted: dict[str, Any], execution: str = EXECUTION) -> dict[str, Any]:
    return handler({"input": wanted, "execution": execution, "image": "registry/forest:2", "defaults": DEFAULTS}, None)


def _pinned(s3: Any) -> dict[str, bytes]:
    found = s3.list_objects_v2(Bucket="artefacts").get("Contents", ())
    keys = [item["Key"] for item in found if item["Key"].endswith(".csv")]
    return {key: s3.get_object(Bucket="artefacts", Key=key)["Body"].read() for key in keys}


def test_the_run_is_given_all_that_it_uses(s3: Any) -> None:
    prepared = _prepare()
    folder = f"s3://artefacts/bigmart/runs/{prepared['run']}"
    assert prepared == {
        "run": prepared["run"],
        "known": False,
        "generation": 0,
        "model_run": prepared["run"],
        "artefact": "",
        "image": "registry/forest:2",
        "folder": folder,
        "data": f"{folder}/input/",
        "predict": "",
        "settings": f"{folder}/settings/",
        "champion_profile": "",
        "hyperparameters": DEFAULTS["hyperparameters"],
        "instance_types": DEFAULTS["instance_types"],
        "volume_keys": {"train": False, "deploy": True},
        "objects": 1,
        "bytes": 8,
    }


def test_the_settings_have_the_hyperparameters_of_the_run(s3: Any) -> None:
    run = _prepare(train={"hyperparameters": {"split_seed": 3}})["run"]
    stored = s3.get_object(Bucket="artefacts", Key=f"bigmart/runs/{run}/settings/settings.json")["Body"].read()
    assert json.loads(stored) == DEFAULTS["settings"] | {"hyperparameters": {"seed": "0", "split_seed": "3"}}


@pytest.mark.parametrize("kept", [True, False])
def test_the_champion_s_profile_is_used_if_it_is_kept(s3: Any, monkeypatch: pytest.MonkeyPatch, *, kept: bool) -> None:
    monkeypatch.setattr(champions, "find", lambda: {"run": "00000001"})
    if kept:
        s3.put_object(Bucket="artefacts", Key="bigmart/runs/00000001/profile/profile.json", Body=b"{}")
    expected = "s3://artefacts/bigmart/runs/00000001/profile/" if kept else ""
    assert _prepare()["champion_profile"] == expected


def test_a_known_model_is_used_as_it_was_registered(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    container = {"Image": "registry/forest:1", "ModelDataUrl": ARTEFACT}
    package = {
        "ModelPackageVersion": 5,
        "ModelApprovalStatus": "Approved",
        "InferenceSpecification": {"Containers": [container]},
    }
    monkeypatch.setattr(sagemaker, "describe_package", lambda _arn: package)
    monkeypatch.delattr(champions, "find")  # nobody asks for it
    prepared = _prepare_for({"generation": 5})
    assert (prepared["known"], prepared["generation"], prepared["model_run"]) == (True, 5, "00000001")
    assert (prepared["artefact"], prepared["image"]) == (ARTEFACT, "registry/forest:1")
    assert prepared["settings"] == "s3://artefacts/bigmart/runs/00000001/settings/"
    assert _pinned(s3) == {}


def test_the_rows_to_predict_are_pinned_beside_the_data(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIND", "batch")
    s3.put_object(Bucket="data", Key="new/rows.csv", Body=b"x\n1\n")
    prepared = _prepare(predict="s3://data/new/")
    run = prepared["run"]
    assert prepared["predict"] == f"s3://artefacts/bigmart/runs/{run}/predict/"
    assert list(_pinned(s3)) == [
        f"bigmart/runs/{run}/input/0000-a.csv",
        f"bigmart/runs/{run}/predict/0000-rows.csv",
    ]


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
