"""The commands, each with its arguments; whatever happens, the job says why it failed."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from tabular.errors import TabularError, printable

MESSAGE_LENGTH = 1024  # a processing job's exit message is no longer
TERMINATED = 128 + signal.SIGTERM

# Where each command is, and the folders that it takes: those that it needs, and those that it may be given. Only its
# own modules are imported: `evaluate` runs in images that have no pandas.
COMMANDS = {
    "check": ("tabular.checking.command", ["data", "settings", "output"], ["champion"]),
    "process": ("tabular.processing.command", ["data", "settings", "output"], ["code", "columns-from"]),
    "score": ("tabular.evaluating.score", ["model", "test", "settings", "output"], []),
    "evaluate": (
        "tabular.evaluating.command",
        ["model", "test", "settings", "output"],
        ["seen", "champion-model", "champion-predictions", "champion-seen"],
    ),
}


def main(command: str, arguments: Sequence[str]) -> int:
    """Run a command and return the exit code; the reason of a failure is written where SageMaker reads it."""
    signal.signal(signal.SIGTERM, lambda _signal, _frame: os._exit(TERMINATED))
    if command not in COMMANDS:
        sys.stderr.write(f"Name a command: {', '.join(COMMANDS)}.\n")
        return 2
    module, required, optional = COMMANDS[command]
    given = _parser(command, required, optional).parse_args(arguments)
    try:
        import_module(module).run(given)
    except TabularError as error:
        _fail(printable(str(error)))
    except Exception as error:  # whatever it is, the job has to say why it failed
        traceback.print_exc()
        _fail(printable(f"See the job's log for the traceback: {type(error).__name__}: {error}"))
    else:
        return 0
    return 1


def _parser(command: str, required: Sequence[str], optional: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=command, allow_abbrev=False)
    for name in required:
        parser.add_argument(f"--{name}", type=Path, required=True)
    for name in optional:
        parser.add_argument(f"--{name}", type=Path)
    if command == "process":
        parser.add_argument("--predict", action="store_true", help="write rows to predict, without a split or a target")
        parser.add_argument("--files", type=int, default=1, help="how many files each part is written in, at least")
    if command == "evaluate":
        parser.add_argument("--champion-run", default="")
    return parser


def tell(message: str) -> None:
    """Write what came of the job to where SageMaker reads it, and to the log."""
    sys.stdout.write(f"{message}\n")
    _leave(message)


def _fail(message: str) -> None:
    sys.stderr.write(f"{message}\n")
    _leave(message)


def _leave(message: str) -> None:
    path = Path(os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml")) / "output/message"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(shortened(message), "utf-8", "backslashreplace")


def shortened(message: str) -> str:
    """Cut a message to what SageMaker shows, at the end of a line if it has several."""
    if len(message) <= MESSAGE_LENGTH:
        return message
    lines = message.split("\n")
    for kept in range(len(lines) - 1, 0, -1):
        text = "\n".join([*lines[:kept], f"… and {len(lines) - kept} more; the log has all of them."])
        if len(text) <= MESSAGE_LENGTH:
            return text
    return message[: MESSAGE_LENGTH - 1] + "…"
