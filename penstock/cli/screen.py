"""The terminal, as a command writes to it."""

import sys

import click


class Screen:
    """Lines on the terminal; one that is being worked on is replaced by the next, and left out where no one watches."""

    def __init__(self, *, quiet: bool) -> None:
        """Write to standard output, or where that is `quiet`, to standard error."""
        self._stream = sys.stderr if quiet else sys.stdout
        self._replace = self._stream.isatty()
        self._open = False

    def say(self, line: str) -> None:
        """Write a line."""
        self._erase()
        click.echo(line, file=self._stream)

    def working(self, line: str) -> None:
        """Write a line that the next one replaces."""
        if self._replace:
            self._erase()
            click.echo(line, file=self._stream, nl=False)
            self._open = True

    def _erase(self) -> None:
        if self._open:
            click.echo("\r\033[K", file=self._stream, nl=False)
        self._open = False
