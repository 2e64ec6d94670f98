import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import click
import pytest
from botocore.exceptions import ClientError
from click.testing import CliRunner

from penstock.cli import main


def _commands(command: click.Command | None, *path: str) -> Iterator[tuple[str, ...]]:
    """The path of each command, not of the groups that they are in."""
    if not isinstance(command, click.Group):
        yield path
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        yield from _commands(command.get_command(context, name), *path, name)


@pytest.mark.parametrize("path", [*_commands(main)], ids=" ".join)
def test_help_has_an_example(path: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, [*path, "--help"])

    assert result.exit_code == 0
    assert f"  penstock {' '.join(path)}" in result.output.partition("Example")[2]


@pytest.mark.parametrize("path", [*_commands(main)], ids=" ".join)
def test_the_docs_have_it(path: tuple[str, ...], root: Path) -> None:
    pages = [page.read_text() for page in (root / "README.md", *(root / "docs").glob("*.md"))]

    assert any(re.search(rf"^penstock {' '.join(path)}\b|`penstock {' '.join(path)}\b", page, re.M) for page in pages)


def test_version() -> None:
    assert CliRunner().invoke(main, ["--version"]).output == f"penstock, version {version('penstock')}\n"


@pytest.mark.parametrize(
    "arguments", [["validated"], ["validate", "--fast"], ["graph"], ["graph", "x", "--format", "png"]]
)
def test_wrong_usage_is_exit_code_2(arguments: list[str]) -> None:
    result = CliRunner().invoke(main, arguments)

    assert result.exit_code == 2
    assert "Try 'penstock" in result.stderr or "Usage" in result.stderr


def test_what_aws_refuses_is_one_message_and_exit_code_1(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise ClientError({"Error": {"Code": "InvalidClientTokenId", "Message": "It is invalid."}}, "GetItem")

    monkeypatch.setattr("penstock.cli.status.connected", refuse)
    result = CliRunner().invoke(main, ["status"])

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "The local cloud refused a call: An error occurred (InvalidClientTokenId) when calling the GetItem operation:"
        " It is invalid.\nExport every line that `penstock local up` printed, and try again.\n"
    )


def test_penstock_error_is_one_message_and_exit_code_1(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["validate", "--project", str(tmp_path)])

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"{tmp_path} is in no Penstock project")
    assert "Traceback" not in result.stderr


def test_ctrl_c_is_exit_code_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("penstock.cli.validate.load_project", interrupt)

    result = CliRunner().invoke(main, ["validate"])

    assert (result.exit_code, "Traceback" in result.output) == (130, False)


def test_commands_are_imported_when_they_are_called() -> None:
    script = "import sys, penstock.cli; print({'pydantic', 'boto3', 'penstock.spec'} & sys.modules.keys())"

    output = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout

    assert output == "set()\n"
