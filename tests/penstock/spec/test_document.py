from pathlib import Path

import pytest

from penstock.spec.document import Document
from penstock.spec.mistakes import Mistake, UnreadableError


def _mistake(path: Path) -> Mistake:
    with pytest.raises(UnreadableError) as caught:
        Document.read(path, "pipeline.yaml")
    return caught.value.mistake


def test_missing_file(tmp_path: Path) -> None:
    assert _mistake(tmp_path / "pipeline.yaml").message == "there is no such file."


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"", 1, "empty."),
        (b"# nothing\n", 1, "empty."),
        (b"{}", 1, "empty."),
        (b"- a\n", 1, "a mapping is needed, `key: value`."),
        (b"text", 1, "a mapping is needed, `key: value`."),
        (b"a: 1\nb: \xe9\n", 2, "not UTF-8: byte 0xe9."),
        (b"\xff\xfea\0:\0", 1, "not UTF-8: byte 0xff."),
        (b"a: " + b"x" * 1024 * 1024, 0, "larger than 1,024 KiB, the most that is read."),
    ],
    ids=["nothing", "comment", "no keys", "list", "text", "latin-1", "utf-16", "large"],
)
def test_file_that_cannot_be_read(tmp_path: Path, content: bytes, line: int, message: str) -> None:
    path = tmp_path / "pipeline.yaml"
    path.write_bytes(content)

    mistake = _mistake(path)

    assert (mistake.file, mistake.line, mistake.message) == ("pipeline.yaml", line, message)
    assert mistake.remedy or "KiB" in mistake.message
