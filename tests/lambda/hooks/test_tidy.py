from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.stub import Stubber

from hooks.tidy import handler

Stub = Callable[[str], Stubber]
LATELY = datetime.now(UTC)
EVENT: dict[str, Any] = {
    "name": "dev-bigmart",
    "endpoint": None,
    "model": "dev-bigmart-7c1f09ab",
    "keep": 3,
    "scaled": [],
    "repositories": ["dev-forest"],
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "dev")
    monkeypatch.setenv("PIPELINE", "bigmart")
    monkeypatch.setenv("ARTEFACT_BUCKET", "artefacts")


def _nothing_else(sagemaker: Stubber) -> None:
    for operation, members in (
        ("list_endpoint_configs", "EndpointConfigs"),
        ("list_model_packages", "ModelPackageSummaryList"),
        ("list_models", "Models"),
    ):
        sagemaker.add_response(operation, {members: []})


def _runs(s3: Stubber, *stored: tuple[str, datetime]) -> None:
    contents = [{"Key": f"bigmart/runs/{path}", "LastModified": written} for path, written in stored]
    s3.add_response("list_objects_v2", {"Contents": contents}, {"Bucket": "artefacts", "Prefix": "bigmart/runs/"})


def _image(ecr: Stubber, pushed: datetime) -> None:
    details = [{"imageDigest": "sha256:1", "imageTags": ["a"], "imagePushedAt": pushed}]
    ecr.add_response("describe_images", {"imageDetails": details})


def test_an_image_that_nothing_names_is_removed(stub: Stub) -> None:
    sagemaker, ecr = stub("sagemaker"), stub("ecr")
    _nothing_else(sagemaker)
    _runs(stub("s3"))
    _image(ecr, datetime(2020, 1, 1, tzinfo=UTC))
    stub("stepfunctions").add_response("list_state_machines", {"stateMachines": []})
    sagemaker.add_response("list_models", {"Models": []}, {"NameContains": "dev-"})
    sagemaker.add_response("list_model_package_groups", {"ModelPackageGroupSummaryList": []}, {"NameContains": "dev-"})
    ecr.add_response(
        "batch_delete_image", {}, {"repositoryName": "dev-forest", "imageIds": [{"imageDigest": "sha256:1"}]}
    )
    assert handler(EVENT, None) == {
        "endpoint_configs": [],
        "models": [],
        "model_packages": [],
        "images": ["dev-forest@sha256:1"],
        "run_folders": [],
        "scalable_targets": [],
    }
    ecr.assert_no_pending_responses()


def test_nothing_of_the_environment_is_looked_at_for_images_that_are_new(stub: Stub) -> None:
    _nothing_else(stub("sagemaker"))
    _runs(stub("s3"))
    _image(stub("ecr"), datetime.now(UTC))
    assert handler(EVENT, None)["images"] == []


def test_the_data_of_abandoned_runs_are_removed(stub: Stub) -> None:
    _nothing_else(stub("sagemaker"))
    _image(stub("ecr"), datetime.now(UTC))
    s3, long_ago = stub("s3"), datetime(2020, 1, 1, tzinfo=UTC)
    _runs(s3, ("7c1f09ab/output/a", long_ago), ("7c1f09ab/pinned.json", long_ago), ("0000abcd/output/a", LATELY))
    removed = {"Objects": [{"Key": "bigmart/runs/7c1f09ab/output/a"}], "Quiet": True}
    s3.add_response("delete_objects", {}, {"Bucket": "artefacts", "Delete": removed})
    assert handler(EVENT, None)["run_folders"] == ["7c1f09ab"]
    s3.assert_no_pending_responses()
