from pathlib import Path

import pytest

from penstock.spec.script import script_mistakes


@pytest.mark.parametrize(
    "text",
    [
        "def process(frame): return frame",
        "import pandas\n\ndef process(rows, seed=1, *, deep=False): return rows",
        "def process(*frames): return frames[0]",
        "def process(frame, /): return frame",
        "raise SystemExit\ndef process(frame): return frame",
    ],
)
def test_function_is_called_with_the_frame(tmp_path: Path, text: str) -> None:
    path = tmp_path / "process.py"
    path.write_text(text)

    assert list(script_mistakes(path, "process.py")) == []


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (b"", "process.py:1:1", "there is no function process."),
        (b"import process\n", "process.py:1:1", "there is no function process."),
        (b"class A:\n    def process(self): ...\n", "process.py:1:1", "there is no function process."),
        (b"async def process(frame): ...\n", "process.py:1:1", "there is no function process."),
        (b"x = 1\ndef process(): ...\n", "process.py:2:1", "process is called with one argument, the frame, and "),
        (b"def process(a, b): ...\n", "process.py:1:1", "process is called with one argument, the frame, and "),
        (b"def process(a, *, b): ...\n", "process.py:1:1", "process is called with one argument, the frame, and "),
        (b"def process(frame):\n    return (\n", "process.py:2:12", "not Python: '(' was never closed."),
        (b"\0", "process.py:1:1", "not Python: "),
        (b"x = '\xe9'\n", "process.py:1:6", "not UTF-8: byte 0xe9."),
    ],
)
def test_what_is_no_such_script(tmp_path: Path, text: bytes, place: str, message: str) -> None:
    path = tmp_path / "process.py"
    path.write_bytes(text)

    (mistake,) = script_mistakes(path, "process.py")

    assert mistake.place == place
    assert mistake.message.startswith(message)
    assert mistake.remedy
