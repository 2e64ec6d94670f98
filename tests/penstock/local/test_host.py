import logging
import threading
from pathlib import Path

import pytest

from penstock.local.host import errors_logged


def fail() -> None:
    raise ZeroDivisionError("out of order")


def run_in_a_thread() -> None:
    thread = threading.Thread(target=fail, name="deliveries")
    thread.start()
    thread.join()


def test_warnings_go_to_the_file(tmp_path: Path) -> None:
    with errors_logged(tmp_path / "errors.log"):
        logging.getLogger("penstock.local").warning("a queue is %s", "gone")
    logging.getLogger("penstock.local").warning("another one")
    assert (tmp_path / "errors.log").read_text().endswith("penstock.local a queue is gone\n")


def test_a_thread_that_ends_with_an_error_is_in_the_file_and_not_on_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(threading, "excepthook", threading.__excepthook__)
    with errors_logged(tmp_path / "errors.log"):
        run_in_a_thread()
    written = (tmp_path / "errors.log").read_text()
    assert "the thread 'deliveries' ended" in written
    assert "ZeroDivisionError: out of order" in written
    assert capfd.readouterr().err == ""


def test_who_watches_threads_already_still_hears_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda error: heard.append(str(error.exc_value)))
    with errors_logged(tmp_path / "errors.log"):
        run_in_a_thread()
    assert heard == ["out of order"]


def test_a_log_on_a_full_disk_says_nothing_on_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "errors.log"
    path.symlink_to("/dev/full")
    with errors_logged(path):
        logging.getLogger("test").error("lost")
    assert capsys.readouterr().err == ""


def test_a_line_that_cannot_be_put_together_is_told_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with errors_logged(tmp_path / "errors.log"):
        handler = logging.getLogger().handlers[-1]
        handler.handle(logging.makeLogRecord({"msg": "%d", "args": ("no number",), "levelno": logging.ERROR}))
    assert "no number" in capsys.readouterr().err
