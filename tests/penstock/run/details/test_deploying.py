from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from penstock.run.execution import State

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def look(name: str, status: str, config: str, *, after: float = 0, resource: str = "describeEndpoint") -> State:
    output = {"EndpointStatus": status, "EndpointConfigName": config}
    return State(name, "Task", NOW + timedelta(seconds=after), output=output, resource=resource)


def policy(**routing: Any) -> dict[str, Any]:
    return {"DeploymentConfig": {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": routing}}}


@pytest.mark.parametrize(
    ("path", "shown"), [(("Take lock", "Wait for lock", "Take lock"), "waited for another run"), (("Take lock",), "")]
)
def test_the_lock_is_worth_a_word_only_when_another_run_had_it(
    describe: Any, path: tuple[str, ...], shown: str
) -> None:
    assert describe("Take lock", {}, path=path).words == shown


def test_what_was_made_is_named(describe: Any) -> None:
    assert describe("Create model", {"ModelArn": "arn:aws:sagemaker:r:a:model/dev-p-1"}).words == "dev-p-1"


def test_an_endpoint_shows_what_the_last_look_at_it_saw(describe: Any) -> None:
    seen = look("Describe endpoint", "InService", "dev-p-2", after=5)
    older = look("Describe endpoint again", "Updating", "dev-p-1")
    passed_on = look("Check endpoint", "Updating", "dev-p-1", after=9, resource="")
    assert describe("Update endpoint", {}, seen, older, passed_on).words == "InService on dev-p-2"
    assert describe("Update endpoint", {}).words == ""


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        (
            policy(Type="CANARY", WaitIntervalInSeconds=300, CanarySize={"Type": "CAPACITY_PERCENT", "Value": 10}),
            "InService on dev-p-1 · canary 10 % for 5 min",
        ),
        (
            policy(Type="LINEAR", WaitIntervalInSeconds=90, LinearStepSize={"Type": "INSTANCE_COUNT", "Value": 2}),
            "InService on dev-p-1 · in steps of 2 instances, 1.5 min each",
        ),
        (policy(Type="ALL_AT_ONCE", WaitIntervalInSeconds=0), "InService on dev-p-1"),
        (None, "InService on dev-p-1"),
    ],
)
def test_an_update_shows_how_the_traffic_went_over(describe: Any, asked: Any, shown: str) -> None:
    seen = look("Describe endpoint", "InService", "dev-p-1")
    assert describe("Update endpoint", {}, seen, asked=asked).words == shown


@pytest.mark.parametrize(
    ("predictions", "shown"), [([1.5, 2000.0], "2 rows, from 1.500 to 2 000.0"), (["yes", "no"], "2 rows")]
)
def test_a_smoke_test_shows_what_was_answered(describe: Any, predictions: list[Any], shown: str) -> None:
    assert describe("Smoke test", {"Payload": {"predictions": predictions}}).words == shown


def test_scaling_shows_its_bounds(describe: Any) -> None:
    assert describe("Register scaling", {}, asked={"MinCapacity": 2, "MaxCapacity": 4}).words == "2 to 4 instances"


def test_predictions_show_where_they_are(describe: Any) -> None:
    output = {"TransformOutput": {"S3OutputPath": "s3://b/p/runs/1/predictions/"}}
    assert describe("Predict", output).words == "at p/runs/1/predictions/"


@pytest.mark.parametrize(
    ("output", "shown"),
    [
        ({"models": ["a", "b"], "endpoint_configs": ["c"], "images": []}, "2 models, 1 endpoint config deleted"),
        ({"models": []}, "nothing to delete"),
    ],
)
def test_tidying_shows_what_was_deleted(describe: Any, output: dict[str, Any], shown: str) -> None:
    assert describe("Tidy", output).words == shown
