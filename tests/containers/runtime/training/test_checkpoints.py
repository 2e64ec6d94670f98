from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from runtime.training import Checkpoints

if TYPE_CHECKING:
    from pathlib import Path

KEY = "0123456789abcdef0123456789abcdef"


def checkpoints(folder: Path | None, key: str = KEY, *, stopping: bool = False) -> Checkpoints:
    return Checkpoints(folder, key, lambda: stopping)


def test_a_piece_is_there_again(tmp_path: Path) -> None:
    checkpoints(tmp_path).save("b", b"2")
    checkpoints(tmp_path).save("a", b"1")
    again = checkpoints(tmp_path)
    assert again.names() == ["a", "b"]
    assert (again.load("a"), again.load("c")) == (b"1", None)


def test_a_piece_takes_the_place_of_what_had_its_name(tmp_path: Path) -> None:
    kept = checkpoints(tmp_path)
    kept.save("state", b"1")
    kept.save("state", b"2")
    assert kept.load("state") == b"2"
    assert len([*tmp_path.iterdir()]) == 1


@pytest.mark.parametrize("spoilt", [b"", b"short", b"\0" * 40])
def test_a_damaged_piece_is_not_used(tmp_path: Path, capsys: pytest.CaptureFixture[str], spoilt: bytes) -> None:
    checkpoints(tmp_path).save("state", b"1")
    (path,) = tmp_path.iterdir()
    path.write_bytes(spoilt)
    assert checkpoints(tmp_path).load("state") is None
    assert capsys.readouterr().out == f"The checkpoint {path.name} is damaged, and not used.\n"


def test_a_piece_under_another_name_is_not_used(tmp_path: Path) -> None:
    checkpoints(tmp_path).save("first", b"1")
    (path,) = tmp_path.iterdir()
    path.rename(path.with_name(path.name.replace("first", "second")))
    assert checkpoints(tmp_path).load("second") is None


def test_those_of_other_data_are_not_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    checkpoints(tmp_path).save("state", b"1")
    other = checkpoints(tmp_path, KEY[::-1])
    assert (other.names(), other.load("state")) == ([], None)
    assert capsys.readouterr().out == (
        "Checkpoints that are not used, of other data, hyperparameters or versions: 1.\n"
    )


def test_what_was_being_written_is_no_checkpoint(tmp_path: Path) -> None:
    (tmp_path / f"{KEY[:16]}-state.partial").write_bytes(b"1")
    assert checkpoints(tmp_path).names() == []


def test_one_that_cannot_be_written_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / f"{KEY[:16]}-state.partial").mkdir()
    checkpoints(tmp_path).save("state", b"1")
    assert capsys.readouterr().out.startswith("No checkpoint could be written: ")


def test_one_is_due_when_the_job_is_being_stopped(tmp_path: Path) -> None:
    assert checkpoints(tmp_path, stopping=True).due
    assert not checkpoints(tmp_path).due


def test_without_a_folder_nothing_is_kept() -> None:
    nowhere = checkpoints(None, stopping=True)
    nowhere.save("state", b"1")
    assert (nowhere.due, nowhere.names(), nowhere.load("state")) == (False, [], None)
