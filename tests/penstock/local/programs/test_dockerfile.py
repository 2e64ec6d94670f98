from pathlib import Path

import pytest

from penstock.local.programs.dockerfile import own_command


@pytest.mark.parametrize(
    ("text", "entrypoint", "arguments"),
    [
        ('FROM x\nCMD ["serve"]\n', [], ["serve"]),
        ('FROM x\nENTRYPOINT ["python", "a.py"]\nCMD ["one", "two"]', ["python", "a.py"], ["one", "two"]),
        ('FROM x\nCMD ["old"]\nFROM y\nCMD ["new"]\n', [], ["new"]),
        ("FROM x\nCMD exec serve --port 1\n", [], ["/bin/sh", "-c", "exec serve --port 1"]),
        ('FROM x\nENTRYPOINT ["a", \\\n  "b"]\n', ["a", "b"], []),
        ("FROM x\n", [], []),
    ],
)
def test_an_image_runs_what_its_dockerfile_says(
    tmp_path: Path, text: str, entrypoint: list[str], arguments: list[str]
) -> None:
    (tmp_path / "Dockerfile").write_text(text)
    assert own_command(tmp_path / "Dockerfile") == (entrypoint, arguments)
