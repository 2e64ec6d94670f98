from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Thread

import pytest

from penstock.local.service import AwsError
from penstock.local.store import Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    store = Store(path)
    yield store
    store.close()


def test_a_record_is_there_for_the_next_one_who_opens_the_file(store: Store, path: Path) -> None:
    """Nothing is closed first: the other one may have been killed."""
    store.put("job", "a", {"status": "InProgress"})
    store.put("job", "a", {"status": "Completed"})
    other = Store(path)
    assert other.all("job") == {"a": {"status": "Completed"}}
    other.close()


def test_records_come_in_the_order_of_their_names_and_by_kind(store: Store) -> None:
    for name in ("b", "a"):
        store.put("job", name, {})
    store.put("model", "c", {})
    assert list(store.all("job")) == ["a", "b"]


def test_times_and_bytes_come_back_as_such(store: Store) -> None:
    value = {"when": datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC), "what": [b"\x00\xff"], "tags": {"$time": "now"}}
    store.put("job", "a", value)
    assert store.all("job") == {"a": value}


def test_times_come_back_in_universal_time(store: Store) -> None:
    store.put("job", "a", {"when": datetime(2026, 1, 2, 12, tzinfo=timezone(timedelta(hours=2)))})
    assert str(store.all("job")["a"]["when"]) == "2026-01-02 10:00:00+00:00"


def test_what_is_no_json_is_refused(store: Store) -> None:
    with pytest.raises(TypeError, match=r"\{1\} cannot be kept"):
        store.put("job", "a", {"what": {1}})


def test_a_list_keeps_its_order_and_goes_with_its_record(store: Store) -> None:
    store.put("execution", "a", {})
    for number in range(12):
        store.append("execution", "a", {"number": number})
    store.append("execution", "b", {"number": 0})
    assert [line["number"] for line in store.lines("execution", "a")] == list(range(12))
    store.remove("execution", "a")
    assert (store.all("execution"), store.lines("execution", "a")) == ({}, [])
    assert len(store.lines("execution", "b")) == 1


def test_threads_share_it(store: Store) -> None:
    def write() -> None:
        for _ in range(50):
            store.append("log", "a", {})

    threads = [Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.lines("log", "a")) == 200


def test_without_a_file_it_is_kept_in_memory() -> None:
    store = Store()
    store.put("job", "a", {"x": 1})
    assert store.all("job") == {"a": {"x": 1}}
    store.close()


def test_after_the_end_nothing_is_written(store: Store, path: Path) -> None:
    store.close()
    store.put("job", "a", {})
    store.remove("job", "a")
    assert store.all("job") == {}


def test_a_full_disk_is_said_with_the_file(store: Store, path: Path) -> None:
    pages = store._database.execute("PRAGMA page_count")[0][0]
    store._database.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(AwsError, match=f"InternalFailure: .*{path}: database or disk is full"):
        store.put("job", "a", {"x": "x" * 100_000})
