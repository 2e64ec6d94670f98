from pathlib import Path

import pytest

from penstock.spec.mistakes import UnreadableError
from penstock.spec.source import read_text


def test_line_ends_become_plain(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"\xef\xbb\xbfa\r\nb\n")

    assert read_text(path, "file", limit=10) == "a\nb\n"


def test_limit_counts_bytes(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("é" * 1024, encoding="utf-8")

    assert len(read_text(path, "file", limit=2048)) == 1024
    with pytest.raises(UnreadableError, match="larger than 1 KiB"):
        read_text(path, "file", limit=1024)


def test_what_the_system_says_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=r"cannot be read: Is a directory\."):
        read_text(tmp_path, "file", limit=10)
