"""A cloud that is killed during a deployment, and what the next one does about it."""

from pathlib import Path
from typing import Any

import pytest

from penstock.errors import DeployError
from penstock.local.deploy.deployer import Deployer
from penstock.local.deploy.stacks import Stacks
from penstock.local.store import Store

GROUP = "AWS::Logs::LogGroup"


class KilledError(BaseException):
    """What no deployment catches: the process ends here."""


def group(name: str, days: int = 30) -> dict[str, Any]:
    return {"Type": GROUP, "Properties": {"LogGroupName": name, "RetentionInDays": days}}


def groups(account: Any) -> dict[str, int]:
    found = account.client("logs").describe_log_groups()["logGroups"]
    return {entry["logGroupName"]: entry.get("retentionInDays", 0) for entry in found}


@pytest.fixture
def store(account: Any, tmp_path: Path) -> Store:
    """A store on disk, which the account's deployer keeps its stacks in."""
    store = Store(tmp_path / "store")
    account.deployer = Deployer(clients=account.clients, store=store)
    return store


def again(account: Any, tmp_path: Path) -> Deployer:
    """The deployer of a cloud that starts again."""
    account.deployer = Deployer(clients=account.clients, store=Store(tmp_path / "store"))
    deployer: Deployer = account.deployer
    return deployer


def killed_at(account: Any, operation: str, number: int, *, after: bool = False) -> Any:
    """Let the process end at a call: before it is made, or when it has been answered."""
    events, calls = account.client("logs").meta.events, []

    def kill(**_: Any) -> None:
        calls.append(1)
        if len(calls) == number:
            raise KilledError

    event = f"{'after' if after else 'before'}-call.logs.{operation}"
    events.register(event, kill, "kill")
    return lambda: events.unregister(event, unique_id="kill")


def killed(account: Any, resources: dict[str, Any], operation: str, number: int, *, after: bool) -> None:
    over = killed_at(account, operation, number, after=after)
    with pytest.raises(KilledError):
        account.deploy(resources)
    over()


def test_a_cloud_comes_back_with_its_stacks(account: Any, store: Store, tmp_path: Path) -> None:
    deployed = account.deploy({"Group": group("/a")}, Outputs={"Name": {"Value": {"Ref": "Group"}}})
    deployer = again(account, tmp_path)
    assert deployer.restore() == []
    assert deployer.stacks == (deployed,)
    account.deploy({"Group": group("/a", 7)}, Outputs={"Name": {"Value": {"Ref": "Group"}}})
    assert account.mutations == ["logs:PutRetentionPolicy"]


@pytest.mark.parametrize(
    ("operation", "number", "after"),
    [
        ("CreateLogGroup", 1, False),
        ("CreateLogGroup", 1, True),
        ("PutRetentionPolicy", 1, False),
        ("CreateLogGroup", 2, True),
        ("PutRetentionPolicy", 2, True),
    ],
)
def test_a_new_stack_that_was_cut_off_is_rolled_back(
    account: Any, store: Store, tmp_path: Path, operation: str, number: int, *, after: bool
) -> None:
    killed(account, {"A": group("/a"), "B": group("/b")}, operation, number, after=after)
    [told] = again(account, tmp_path).restore()
    assert "dev-app: its deployment was cut off and rolled back (ROLLBACK_COMPLETE): nothing of it is left." in told
    assert groups(account) == {}
    account.deploy({"A": group("/a"), "B": group("/b")})
    assert groups(account) == {"/a": 30, "/b": 30}


@pytest.mark.parametrize("after", [False, True])
def test_an_update_that_was_cut_off_is_rolled_back(account: Any, store: Store, tmp_path: Path, *, after: bool) -> None:
    account.deploy({"A": group("/a"), "B": group("/b"), "Gone": group("/gone")})
    killed(account, {"A": group("/a", 7), "C": group("/c"), "B": group("/b", 7)}, "PutRetentionPolicy", 3, after=after)
    deployer = again(account, tmp_path)
    [told] = deployer.restore()
    assert "(UPDATE_ROLLBACK_COMPLETE): it is as it was before. Deploy it again." in told
    assert groups(account) == {"/a": 30, "/b": 30, "/gone": 30}
    assert deployer.restore() == []


def test_a_deployment_that_was_about_to_be_noted_as_ended_has_ended_well(
    account: Any, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill(*_: Any) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(Stacks, "end", kill)
        with pytest.raises(KilledError):
            account.deploy({"A": group("/a")})
    deployer = again(account, tmp_path)
    assert deployer.restore() == []
    assert [stack.name for stack in deployer.stacks] == ["dev-app"]
    assert groups(account) == {"/a": 30}


def test_what_was_cut_off_while_it_removed_what_is_unwanted_has_ended_well(
    account: Any, store: Store, tmp_path: Path
) -> None:
    account.deploy({"A": group("/a"), "Gone": group("/gone")})
    killed(account, {"A": group("/a", 7)}, "DeleteLogGroup", 1, after=False)
    assert again(account, tmp_path).restore() == []
    assert groups(account) == {"/a": 7, "/gone": 30}
    account.deploy({"A": group("/a", 7)})
    assert groups(account) == {"/a": 7}


def test_a_stack_whose_way_back_failed_takes_it_up_with_the_next_deployment(
    account: Any, store: Store, tmp_path: Path
) -> None:
    account.deploy({"A": group("/a")})
    killed(account, {"A": group("/a", 7), "B": group("/b")}, "CreateLogGroup", 1, after=True)
    account.client("logs").delete_log_group(logGroupName="/a")
    deployer = again(account, tmp_path)
    [told] = deployer.restore()
    assert "the way back failed (UPDATE_ROLLBACK_FAILED): dev-app: Resources.A could not be put back" in told
    with pytest.raises(DeployError, match=r"Resources\.A could not be put back"):
        account.deploy({"A": group("/a", 7)})
    account.client("logs").create_log_group(logGroupName="/a")
    account.deploy({"A": group("/a", 7)})
    assert groups(account) == {"/a": 7}


def test_a_new_stack_whose_way_back_failed_can_be_destroyed(account: Any, store: Store, tmp_path: Path) -> None:
    events = account.client("logs").meta.events

    def fail(params: dict[str, Any], **_: Any) -> None:
        params["logGroupName"] = 5

    events.register("provide-client-params.logs.DeleteLogGroup", fail, "fail")
    with pytest.raises(DeployError, match="And the way back failed"):
        account.deploy({"A": group("/a"), "Bad": {"Type": GROUP, "Properties": {"RetentionInDays": "soon"}}})
    events.unregister("provide-client-params.logs.DeleteLogGroup", unique_id="fail")
    assert groups(account)
    with pytest.raises(DeployError, match="there is no such stack"):
        again(account, tmp_path).destroy("dev-app")
    assert groups(account) == {}


def test_a_generated_name_is_never_given_twice(account: Any, store: Store, tmp_path: Path) -> None:
    kept = {"Kept": {"Type": GROUP, "DeletionPolicy": "Retain"}}
    account.deploy(kept)
    account.deployer.destroy("dev-app")
    again(account, tmp_path)
    account.deploy(kept)
    assert len(groups(account)) == 2


def test_a_mark_tells_a_key_whose_answer_was_lost(account: Any, store: Store, tmp_path: Path) -> None:
    kms = account.client("kms")
    events = kms.meta.events

    def kill(**_: Any) -> None:
        raise KilledError

    kms.create_key(Description="someone else's")
    events.register("after-call.kms.CreateKey", kill, "kill")
    with pytest.raises(KilledError):
        account.deploy({"Key": {"Type": "AWS::KMS::Key"}})
    events.unregister("after-call.kms.CreateKey", unique_id="kill")
    again(account, tmp_path).restore()
    states = [kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] for key in kms.list_keys()["Keys"]]
    assert sorted(states) == ["Enabled", "PendingDeletion"]
