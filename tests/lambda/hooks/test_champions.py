from typing import Any

import pytest

from hooks import champions, find_champion
from hooks.aws import s3, sagemaker

ARTEFACT = "s3://artefacts/bigmart/runs/7c1f09ab/output/job/output/model.tar.gz"
MAIN = {"VariantName": "main", "ModelName": "dev-bigmart-99999999"}
ROLLED_BACK = "arn:aws:sagemaker:us-east-1:123456789012:model/dev-bigmart-99999999"


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What SageMaker says: an endpoint that serves generation 5, after a rollback by another run."""
    names = {"NAME": "dev-bigmart", "PIPELINE": "bigmart", "KIND": "realtime", "ARTEFACT_BUCKET": "artefacts"}
    for name, value in names.items():
        monkeypatch.setenv(name, value)
    said: dict[str, Any] = {
        "endpoint": {"EndpointStatus": "InService", "EndpointConfigName": "dev-bigmart-99999999"},
        "config": {"EndpointConfigName": "dev-bigmart-99999999", "ProductionVariants": [MAIN]},
        "model": {
            "ModelName": "dev-bigmart-99999999",
            "ModelArn": ROLLED_BACK,
            "PrimaryContainer": {"Image": "registry/forest:1", "ModelDataUrl": ARTEFACT},
        },
        "tags": {"penstock:generation": "5"},
        "package": None,
        "kept": True,
    }
    monkeypatch.setattr(sagemaker, "describe_endpoint", lambda _name: said["endpoint"])
    monkeypatch.setattr(sagemaker, "describe_endpoint_config", lambda _name: said["config"])
    monkeypatch.setattr(sagemaker, "describe_model", lambda _name: said["model"])
    monkeypatch.setattr(sagemaker, "tags", lambda _arn: said["tags"])
    monkeypatch.setattr(sagemaker, "newest_approved_package", lambda _group: said["package"])
    monkeypatch.setattr(s3, "exists", lambda _bucket, _prefix: said["kept"])
    return said


def test_the_champion_is_what_the_endpoint_serves(cloud: dict[str, Any]) -> None:
    assert champions.find() == {
        "run": "7c1f09ab",  # which trained it, not which deployed it
        "generation": 5,
        "artefact": ARTEFACT,
        "image": "registry/forest:1",
        "model": "dev-bigmart-99999999",
        "config": "dev-bigmart-99999999",
        "variant": "main",
    }


@pytest.mark.parametrize("status", ["Creating", "Failed", "OutOfService", "Deleting"])
def test_an_endpoint_that_does_not_serve_has_none(cloud: dict[str, Any], status: str) -> None:
    cloud["endpoint"]["EndpointStatus"] = status
    assert champions.find() == {}


def test_no_endpoint_has_none(cloud: dict[str, Any]) -> None:
    cloud["endpoint"] = None
    assert champions.find() == {}


@pytest.mark.parametrize("status", ["Updating", "SystemUpdating", "RollingBack", "UpdateRollbackFailed"])
def test_an_endpoint_that_changes_still_serves(cloud: dict[str, Any], status: str) -> None:
    cloud["endpoint"]["EndpointStatus"] = status
    assert champions.find()["run"] == "7c1f09ab"


def test_a_challenger_is_not_the_champion(cloud: dict[str, Any]) -> None:
    challenger = {"VariantName": "challenger", "ModelName": "dev-bigmart-88888888"}
    cloud["config"]["ProductionVariants"] = [challenger, MAIN]
    assert champions.find()["variant"] == "main"


def test_a_model_that_is_not_of_a_run_is_a_champion_all_the_same(cloud: dict[str, Any]) -> None:
    cloud["model"]["PrimaryContainer"]["ModelDataUrl"] = "s3://somewhere/model.tar.gz"
    cloud["tags"] = {}
    found = champions.find()
    assert (found["run"], found["generation"]) == ("unknown", None)


def test_in_batches_the_champion_is_the_last_that_was_approved(
    cloud: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIND", "batch")
    assert champions.find() == {}
    container = {"Image": "registry/forest:1", "ModelDataUrl": ARTEFACT}
    cloud["package"] = {"ModelPackageVersion": 3, "InferenceSpecification": {"Containers": [container]}}
    found = champions.find()
    assert (found["run"], found["generation"], found["model"]) == ("7c1f09ab", 3, "")


@pytest.mark.parametrize(
    ("kept", "seen"), [(True, "s3://artefacts/bigmart/runs/7c1f09ab/processed/seen/"), (False, "")]
)
def test_the_hook_says_where_what_it_has_seen_is_kept(cloud: dict[str, Any], seen: str, *, kept: bool) -> None:
    cloud["kept"] = kept
    assert find_champion.handler(None, None)["champion"]["seen"] == seen


def test_the_hook_says_that_there_is_none(cloud: dict[str, Any]) -> None:
    cloud["endpoint"] = None
    assert find_champion.handler(None, None) == {"champion": {}}
    assert champions.kept({}, "profile") == ""
