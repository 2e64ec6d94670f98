"""The group of commands: imports each when it is called, and turns what ends it into an exit code."""

import os
import signal
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from penstock.errors import PenstockError

INTERRUPTED = 130  # 128 + SIGINT, as shells have it
_TERMINATED = 143


class Group(click.Group):
    """Commands by name, each as "module:attribute".

    The exit code is 0, 1 after a PenstockError, whose message goes to standard error, 2 for wrong usage, 130 after
    Ctrl-C, or 143 after SIGTERM; either way what was started is ended first.
    """

    def __init__(self, *, lazy: Mapping[str, str], **attributes: Any) -> None:
        super().__init__(**attributes)
        self._lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names of the commands."""
        return list(self._lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command."""
        if cmd_name not in self._lazy:
            return None
        module, attribute = self._lazy[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        if os.environ.get("NO_COLOR"):
            ctx.color = False
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(_TERMINATED))
        try:
            return super().invoke(ctx)
        except PenstockError as error:
            click.echo(str(error), err=True)
            ctx.exit(1)
        except _refusals() as error:
            click.echo(f"The local cloud refused a call: {error}", err=True)
            click.echo("Export every line that `penstock local up` printed, and try again.", err=True)
            ctx.exit(1)
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)


def _refusals() -> tuple[type[Exception], ...]:
    """Return what AWS's client raises, if the command has imported it: that takes half a second."""
    module = sys.modules.get("botocore.exceptions")
    return (module.BotoCoreError, module.ClientError) if module is not None else ()
