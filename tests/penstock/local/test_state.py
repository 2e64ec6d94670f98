import errno
import json
import os
from contextlib import ExitStack
from pathlib import Path

import pytest

from penstock.errors import CloudError
from penstock.local.clock import Clock
from penstock.local.state import State, _empty, lasting_state, passing_state

REGION = "us-east-1"


def opened(stack: ExitStack, folder: Path, *, region: str = REGION, fresh: bool = False) -> State:
    return stack.enter_context(lasting_state(folder, account="123456789012", region=region, clock=Clock(), fresh=fresh))


def test_the_same_operator_and_port_come_back_and_no_one_else_reads_the_key(tmp_path: Path) -> None:
    folder = tmp_path / "cloud" / "dev"
    with ExitStack() as stack:
        first = opened(stack, folder)
        assert first.port is None
        first.remember(4567)
    with ExitStack() as stack:
        second = opened(stack, folder)
        assert (second.operator, second.port) == (first.operator, 4567)
    assert (folder / "operator.json").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


def test_one_cloud_at_a_time_and_the_other_ones_process_is_named(tmp_path: Path) -> None:
    with ExitStack() as stack:
        opened(stack, tmp_path / "dev")
        with pytest.raises(CloudError, match=f"dev is in use by process {os.getpid()}: one cloud at a time"):
            opened(stack, tmp_path / "dev", fresh=True)


def test_fresh_begins_anew(tmp_path: Path) -> None:
    with ExitStack() as stack:
        first = opened(stack, tmp_path / "dev")
        first.store.put("job", "a", {})
    with ExitStack() as stack:
        second = opened(stack, tmp_path / "dev", fresh=True)
        assert second.store.all("job") == {}
        assert second.operator != first.operator


def test_fresh_removes_what_a_cloud_has_kept_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "dev"
    with ExitStack() as stack:
        opened(stack, folder)
    (folder / "sagemaker" / "training").mkdir(parents=True)
    (folder / "notes.txt").write_text("mine")
    _empty(folder)
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("content", [None, "[]", "{", '{"format": "a4"}'])
@pytest.mark.parametrize("fresh", [False, True])
def test_a_folder_that_is_used_for_something_else_is_left_alone(
    tmp_path: Path, content: str | None, *, fresh: bool
) -> None:
    folder = tmp_path / "thesis"
    folder.mkdir()
    (folder / "chapter.txt").write_text("years of work")
    if content is not None:
        (folder / "format.json").write_text(content)
    before = sorted(tmp_path.rglob("*"))
    with (
        ExitStack() as stack,
        pytest.raises(CloudError, match=r"thesis is not empty, .* it has chapter\.txt\. Nothing in .*--state"),
    ):
        opened(stack, folder, fresh=fresh)
    assert sorted(tmp_path.rglob("*")) == before


def test_an_empty_folder_will_do(tmp_path: Path) -> None:
    with ExitStack() as stack:
        assert opened(stack, tmp_path).port is None


def test_a_folder_that_cannot_be_made_is_said_with_what_to_do() -> None:
    said = r"/proc/x cannot keep the state of a cloud \(No such file or directory: /proc/x.lock\)\. .*--state"
    with ExitStack() as stack, pytest.raises(CloudError, match=said):
        opened(stack, Path("/proc/x"))


def test_a_folder_that_cannot_be_written_is_said_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path, *_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "write_text", refused)
    with ExitStack() as stack, pytest.raises(CloudError, match=r"\(Permission denied: .*format.json\)"):
        opened(stack, tmp_path / "dev")


def test_a_folder_of_another_version_is_left_alone(tmp_path: Path) -> None:
    with ExitStack() as stack:
        opened(stack, tmp_path / "dev").store.put("job", "a", {})
    path = tmp_path / "dev" / "format.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"moto": "4.0.0"}))
    before = {one.name: one.read_bytes() for one in path.parent.iterdir() if one.is_file()}
    with (
        ExitStack() as stack,
        pytest.raises(CloudError, match=r"of moto 4\.0\.0, and this is 5\..*`.*--fresh` deletes it"),
    ):
        opened(stack, tmp_path / "dev")
    assert {one.name: one.read_bytes() for one in path.parent.iterdir() if one.is_file()} == before


def test_a_folder_of_another_region_is_left_alone(tmp_path: Path) -> None:
    with ExitStack() as stack:
        opened(stack, tmp_path / "dev")
    with ExitStack() as stack, pytest.raises(CloudError, match="region us-east-1, and this is eu-west-1"):
        opened(stack, tmp_path / "dev", region="eu-west-1")


def test_records_that_make_no_sense_are_said_with_what_to_do(tmp_path: Path) -> None:
    said = r"dev cannot be taken up again \(KeyError\('protected'\)\): has another version .*--fresh"
    with pytest.raises(CloudError, match=said), ExitStack() as stack:  # noqa: PT012  what raises is in the middle
        opened(stack, tmp_path / "dev")
        raise KeyError("protected")


def test_a_file_that_is_no_database_is_said_with_what_to_do(tmp_path: Path) -> None:
    with ExitStack() as stack:
        opened(stack, tmp_path / "dev")
    (tmp_path / "dev" / "state.db").write_bytes(b"spoilt" * 1000)
    with ExitStack() as stack, pytest.raises(CloudError, match=r"file is not a database.*--fresh"):
        opened(stack, tmp_path / "dev")


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"access_key": "a"}', '{"access_key": 1, "secret_key": "s"}', "\ufffe"]
)
def test_credentials_that_make_no_sense_are_said_with_what_to_do(tmp_path: Path, content: str) -> None:
    with ExitStack() as stack:
        opened(stack, tmp_path / "dev")
    (tmp_path / "dev" / "operator.json").write_text(content)
    with ExitStack() as stack, pytest.raises(CloudError, match=r"operator.json does not hold .*or remove it.*--fresh"):
        opened(stack, tmp_path / "dev")


def test_what_clients_keep_secret_is_for_nobody_else(tmp_path: Path) -> None:
    with ExitStack() as stack:
        opened(stack, tmp_path / "dev").store.put("job", "a", {})
        modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "dev").glob("*.db*")}
    assert {"state.db", "state.db-wal", "journal.db"} <= modes.keys()
    assert {*modes.values()} == {0o600}


def test_a_passing_state_has_a_folder_of_its_own_and_no_journal(tmp_path: Path) -> None:
    with passing_state(tmp_path) as first, passing_state(tmp_path) as second:
        assert first.folder != second.folder
        assert (first.journal, first.port) == (None, None)
