"""The lock, taken and released against a table as DynamoDB has them."""

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from penstock_constructs.steps.lock import release_lock, take_lock
from penstock_constructs.steps.step import Machine, State, Step

Evaluate = Callable[..., Any]
EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:dev-bigmart:"
NOW = 1_780_000_000


class Table:
    """The table; a state's update is made as an execution, which began and is in the state at times in seconds."""

    def __init__(self, evaluate: Evaluate) -> None:
        self._evaluate = evaluate
        self._client = boto3.client("dynamodb", "us-east-1", aws_access_key_id="id", aws_secret_access_key="key")
        self._client.create_table(
            TableName="table",
            KeySchema=[{"AttributeName": "endpoint", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "endpoint", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )

    def update(self, state: State, execution: str, *, now: int = NOW, started: int = NOW, **variables: Any) -> bool:
        """Return whether the condition held."""
        context = {
            "Execution": {"Id": EXECUTION + execution, "StartTime": self._iso(started)},
            "State": {"EnteredTime": self._iso(now)},
        }
        request = self._whole(state["Arguments"], {"states": {"context": context}, **variables})
        try:
            self._client.update_item(**request | {"TableName": "table"})
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    @property
    def item(self) -> dict[str, Any]:
        """The endpoint's item."""
        item = self._client.get_item(TableName="table", Key={"endpoint": {"S": "dev-bigmart"}}).get("Item", {})
        return {name: next(iter(value.values())) for name, value in item.items()}

    def _iso(self, seconds: int) -> str:
        return str(self._evaluate("{% $fromMillis($ms) %}", ms=seconds * 1000))

    def _whole(self, value: Any, variables: dict[str, Any]) -> Any:
        if isinstance(value, dict):
            return {key: self._whole(item, variables) for key, item in value.items()}
        if isinstance(value, str) and value.startswith("{%"):
            return self._evaluate(value, **variables)
        return value


@pytest.fixture
def table(evaluate: Evaluate) -> Iterator[Table]:
    with mock_aws():
        yield Table(evaluate)


@pytest.fixture(params=[False, True], ids=["wait", "supersede"])
def step(request: pytest.FixtureRequest, machine: Machine, thing: Any) -> Step:
    return _lock(machine, thing, supersede=request.param)


@pytest.fixture
def superseding(machine: Machine, thing: Any) -> Step:
    return _lock(machine, thing, supersede=True)


@pytest.fixture
def release(machine: Machine, thing: Any) -> State:
    state: State = release_lock(machine=machine, table=thing, then="Publish").states["Release lock"]
    return state


def _lock(machine: Machine, thing: Any, *, supersede: bool) -> Step:
    return take_lock(
        machine=machine,
        table=thing,
        timeout_seconds=600,
        supersede=supersede,
        poll_seconds="15",
        then="Find champion",
        superseded="Publish",
    )


def _decide(step: Step, evaluate: Evaluate, state: str, **variables: Any) -> str:
    choices = step.states[state]["Choices"]
    chosen = [choice["Next"] for choice in choices if evaluate(choice["Condition"], **variables)]
    return str(chosen[0] if chosen else step.states[state]["Default"])


def test_a_free_lock_is_taken_for_longer_than_an_execution_may_take(table: Table, step: Step) -> None:
    assert table.update(step.states["Take lock"], "one")
    assert table.item["owner"] == EXECUTION + "one"
    assert int(table.item["expires"]) > NOW + 600


def test_a_lock_that_another_execution_has_is_not_taken(table: Table, step: Step) -> None:
    table.update(step.states["Take lock"], "one")
    assert not table.update(step.states["Take lock"], "two")
    assert table.item["owner"] == EXECUTION + "one"


def test_the_owner_may_take_it_again(table: Table, step: Step) -> None:
    """A retry does, and a redrive."""
    table.update(step.states["Take lock"], "one")
    assert table.update(step.states["Take lock"], "one", now=NOW + 60)


def test_a_lock_that_has_expired_is_taken(table: Table, step: Step) -> None:
    table.update(step.states["Take lock"], "one")
    assert table.update(step.states["Take lock"], "two", now=NOW + 100_000)


def test_it_is_released_by_its_owner_only(table: Table, step: Step, release: State) -> None:
    table.update(step.states["Take lock"], "one")
    assert not table.update(release, "two")
    assert table.update(release, "one")
    assert "owner" not in table.item
    assert table.update(step.states["Take lock"], "two")


def test_an_execution_that_has_lost_its_lock_ends_all_the_same(release: State) -> None:
    assert [catch["Next"] for catch in release["Catch"]] == ["Publish"]


def test_the_lock_of_an_execution_that_is_dead_is_broken_unless_somebody_else_has_it_by_now(
    table: Table, step: Step
) -> None:
    table.update(step.states["Take lock"], "dead")
    assert not table.update(step.states["Break lock"], "two", lock_owner=EXECUTION + "other")
    assert table.update(step.states["Break lock"], "two", lock_owner=EXECUTION + "dead")
    assert table.update(step.states["Take lock"], "two")


def test_an_older_run_gives_way_to_a_newer_one_that_waits(table: Table, superseding: Step) -> None:
    table.update(superseding.states["Take lock"], "first", started=NOW)
    assert table.update(superseding.states["Claim turn"], "newest", started=NOW + 20)
    assert not table.update(superseding.states["Claim turn"], "older", started=NOW + 10)
    assert table.update(superseding.states["Break lock"], "older", lock_owner=EXECUTION + "first")
    assert not table.update(superseding.states["Take lock"], "older", started=NOW + 10)
    assert table.update(superseding.states["Take lock"], "newest", started=NOW + 20)


@pytest.mark.parametrize(
    ("owner", "newest", "then"),
    [
        ("", "", "Take lock"),
        (EXECUTION + "me", "", "Take lock"),
        (EXECUTION + "other", "", "Describe lock owner"),
        (EXECUTION + "other", "2026-11-20T10:00:01.000Z", "Superseded"),
        ("", "2026-11-20T10:00:01.000Z", "Superseded"),
        ("", "2026-11-20T10:00:00.000Z", "Take lock"),
    ],
)
def test_what_the_lock_says_decides(superseding: Step, evaluate: Evaluate, owner: str, newest: str, then: str) -> None:
    context = {"Execution": {"Id": EXECUTION + "me", "StartTime": "2026-11-20T10:00:00Z"}}
    variables = {"lock_owner": owner, "lock_newest": newest, "states": {"context": context}}
    assert _decide(superseding, evaluate, "Check lock", **variables) == then


@pytest.mark.parametrize(
    ("status", "then"),
    [
        ("RUNNING", "Wait for lock"),
        ("PENDING_REDRIVE", "Wait for lock"),
        *((status, "Break lock") for status in ("SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED")),
    ],
)
def test_an_owner_that_has_ended_is_dead(
    machine: Machine, thing: Any, evaluate: Evaluate, status: str, then: str
) -> None:
    step = _lock(machine, thing, supersede=False)
    assert _decide(step, evaluate, "Check lock owner", lock_owner_status=status) == then


def test_an_owner_that_is_forgotten_is_dead(step: Step) -> None:
    (catch,) = step.states["Describe lock owner"]["Catch"]
    assert (catch["ErrorEquals"], catch["Next"]) == (["Sfn.ExecutionDoesNotExistException"], "Break lock")


@pytest.mark.parametrize(
    ("item", "found"),
    [
        (None, {"lock_owner": "", "lock_newest": ""}),
        ({"endpoint": {"S": "dev-bigmart"}, "newest": {"S": "t"}}, {"lock_owner": "", "lock_newest": "t"}),
        ({"owner": {"S": "arn"}}, {"lock_owner": "arn", "lock_newest": ""}),
    ],
)
def test_the_item_is_read_as_far_as_there_is_one(
    step: Step, evaluate: Evaluate, item: dict[str, Any] | None, found: dict[str, str]
) -> None:
    result = {"Item": item} if item else {}
    assigned = step.states["Read lock"]["Assign"]
    assert {name: evaluate(value, states={"result": result}) for name, value in assigned.items()} == found


@pytest.mark.parametrize(("looks", "seconds"), [(0, 15), (9, 15), (10, 30), (1000, 300)])
def test_who_has_waited_long_looks_less_often(step: Step, evaluate: Evaluate, looks: int, seconds: int) -> None:
    """An execution's history has 25,000 events at most."""
    expression = step.states["Wait for lock"]["Seconds"].replace("${PollSeconds}", "15")
    assert evaluate(expression, lock_looks=looks) == seconds


def test_it_says_what_it_gave_way_to(superseding: Step, evaluate: Evaluate) -> None:
    assigned = superseding.states["Superseded"]["Assign"]
    assert assigned["outcome"] == "SUPERSEDED"
    (reason,) = assigned["reasons"]
    assert evaluate(reason, lock_newest="T") == "A newer run, started at T, takes the place of this one."


def test_the_machine_may_touch_its_own_endpoint_s_item_only(step: Step) -> None:
    assert {item["endpoint"] for item in step.statements if item["Sid"] == "Lock"} == {"dev-bigmart"}
