from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from penstock.errors import RunError
from penstock.run.deployments import Approval, Deployments

ME, OTHER = (f"arn:aws:states:us-east-1:1:execution:dev-p:{name}" for name in ("me", "other"))
NOW = datetime(2026, 1, 1, tzinfo=UTC)


class States:
    """A client of Step Functions that knows how executions stand."""

    class exceptions:  # noqa: N801
        class ExecutionDoesNotExist(Exception):  # noqa: N818
            """As botocore names it."""

    def __init__(self) -> None:
        self.statuses: dict[str, str] = {}

    def describe_execution(self, executionArn: str) -> dict[str, str]:  # noqa: N803
        if executionArn not in self.statuses:
            raise self.exceptions.ExecutionDoesNotExist
        return {"status": self.statuses[executionArn]}


@pytest.fixture
def states() -> States:
    return States()


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch, states: States) -> Iterator[Callable[[str], Any]]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        dynamodb = boto3.client("dynamodb", region_name="us-east-1")
        dynamodb.create_table(
            TableName="dev-deployments",
            AttributeDefinitions=[{"AttributeName": "endpoint", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "endpoint", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield {"dynamodb": dynamodb, "stepfunctions": states}.__getitem__


@pytest.fixture
def deployments(client: Callable[[str], Any]) -> Deployments:
    return Deployments(client, "dev")


def take(deployments: Deployments, execution: str = ME) -> None:
    deployments.take_lock("dev-p", execution, now=NOW, lasting=timedelta(hours=3))


def test_a_free_lock_is_taken_until_after_the_machines_timeout(
    deployments: Deployments, client: Callable[[str], Any]
) -> None:
    take(deployments)
    take(deployments)  # twice does no harm
    item = client("dynamodb").get_item(TableName="dev-deployments", Key={"endpoint": {"S": "dev-p"}})["Item"]
    assert item["owner"]["S"] == ME
    assert int(item["expires"]["N"]) == int((NOW + timedelta(hours=4)).timestamp())


@pytest.mark.parametrize("status", ["RUNNING", "PENDING_REDRIVE"])
def test_a_lock_that_a_running_execution_has_is_refused(deployments: Deployments, states: States, status: str) -> None:
    take(deployments, OTHER)
    states.statuses[OTHER] = status
    with pytest.raises(RunError, match=r"^dev-p is locked: run other deploys to it now\. Wait for its end, or stop"):
        take(deployments)
    assert deployments.running_owner("dev-p") == OTHER


@pytest.mark.parametrize("statuses", [{OTHER: "FAILED"}, {}])
def test_a_dead_owners_lock_is_taken_over(deployments: Deployments, states: States, statuses: dict[str, str]) -> None:
    take(deployments, OTHER)
    states.statuses = statuses
    assert deployments.running_owner("dev-p") == ""
    take(deployments)
    assert deployments.of("dev-p").owner == ME


def test_whoever_takes_it_in_between_keeps_it(
    deployments: Deployments, monkeypatch: pytest.MonkeyPatch, client: Callable[[str], Any]
) -> None:
    take(deployments, OTHER)
    found = iter(["", OTHER])
    monkeypatch.setattr(Deployments, "of", lambda *_: type("Found", (), {"owner": next(found)}))
    with pytest.raises(RunError, match="run other deploys"):
        take(deployments)


def test_only_its_owner_releases_it(deployments: Deployments) -> None:
    take(deployments, OTHER)
    deployments.release_lock("dev-p", ME)
    assert deployments.of("dev-p").owner == OTHER
    deployments.release_lock("dev-p", OTHER)
    assert deployments.of("dev-p").owner == ""


def test_what_waits_to_be_approved_is_read(deployments: Deployments, client: Callable[[str], Any]) -> None:
    asked = {"token": "t", "execution": ME, "package": "arn:package/5", "asked": "2026-01-01T00:00:00+00:00"}
    item = {"endpoint": {"S": "dev-p"}, "approval": {"M": {name: {"S": value} for name, value in asked.items()}}}
    client("dynamodb").put_item(TableName="dev-deployments", Item=item)
    assert deployments.of("dev-p").approval == Approval(**asked)


def test_without_a_table_nothing_goes_on(client: Callable[[str], Any]) -> None:
    found = Deployments(client, "prod").of("prod-p")
    assert (found.owner, found.approval) == ("", None)
