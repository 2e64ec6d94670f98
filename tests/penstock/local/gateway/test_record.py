import json
import logging
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from penstock.local.gateway.record import Entry, Record

ENTRY = Entry(time="t", caller="c", service="sqs", operation="SendMessage", resources=(), result="OK", milliseconds=1)


@pytest.fixture
def full(tmp_path: Path) -> Path:
    """A file that nothing can be written to."""
    path = tmp_path / "calls.jsonl"
    path.symlink_to("/dev/full")
    return path


def test_a_record_that_cannot_be_written_is_no_error_of_the_call(full: Path, caplog: pytest.LogCaptureFixture) -> None:
    record = Record(full)
    record.add(ENTRY)
    record.close()
    assert "No space left on device" in caplog.text


def test_it_is_said_once_that_the_record_cannot_be_written(full: Path, caplog: pytest.LogCaptureFixture) -> None:
    record = Record(full)
    record.add(ENTRY)
    record.add(ENTRY)
    record.close()
    assert [entry.levelno for entry in caplog.records] == [logging.WARNING]


def test_how_many_calls_a_record_lacks_is_said_once_it_can_be_written_again(
    full: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    record = Record(full)
    record.add(ENTRY)
    record.add(ENTRY)
    record._file.close()
    record._file = (tmp_path / "space").open("ab", buffering=0)
    record.add(ENTRY)
    record.add(ENTRY)
    record.close()
    assert [entry.getMessage().partition(" can ")[2] for entry in caplog.records[1:]] == [
        "be written again, and lacks the 2 calls before"
    ]


_LIMITED = """
import logging, signal, sys
from pathlib import Path
from test_record import ENTRY, Record
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
record = Record(Path(sys.argv[1]))
for _ in range(3):
    record.add(ENTRY)
"""


def test_a_line_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    room = 2 * len(json.dumps(vars(ENTRY))) - 20
    ended = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(path)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert [json.loads(line)["operation"] for line in path.read_text().splitlines()] == ["SendMessage"]
    assert ended.stderr.count("no space for a whole line") == 1
