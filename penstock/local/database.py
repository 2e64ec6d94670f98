"""SQLite, as the cloud keeps things in it: one connection for all threads, durable for a process that is killed."""

import sqlite3
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from penstock.local.service import AwsError

# The operating system has a write when the call returns; only a machine that fails could lose it.
_SETTINGS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"


class Database:
    """A file, or without one a database in memory that ends with the cloud."""

    def __init__(self, path: Path | None, tables: str) -> None:
        self._path = path
        self._lock = threading.Lock()
        if path:
            path.touch()
            path.chmod(0o600)  # what clients keep secret is in it; the files beside it that SQLite makes follow it
        self._connection = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
        self._connection.executescript(_SETTINGS + tables)

    def execute(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run a statement and return its rows; after `close` nothing happens, and there are none.

        Raises:
            AwsError: InternalFailure (500), naming the file, when it cannot be written: the disk is full, say.
        """
        with self._lock:
            try:
                return self._connection.execute(statement, values).fetchall()
            except sqlite3.ProgrammingError:
                return []  # closed
            except sqlite3.OperationalError as error:
                raise self.failure(error) from error

    def execute_all(self, statements: Iterable[tuple[str, tuple[Any, ...]]]) -> None:
        """Run several statements, each with its values: all of them or none; errors are those of `execute`."""
        with self._lock:
            try:
                with self._connection:
                    self._connection.execute("BEGIN")
                    for statement, values in statements:
                        self._connection.execute(statement, values)
            except sqlite3.ProgrammingError:
                return
            except sqlite3.OperationalError as error:
                raise self.failure(error) from error

    def failure(self, error: Exception) -> AwsError:
        """Return the error that a client gets because something cannot be kept."""
        return AwsError(
            "InternalFailure",
            f"The local cloud cannot write to {self._path}: {error}. It goes on, and forgets this call when it ends."
            " Is the disk full?",
            500,
        )

    def close(self) -> None:
        """Close the file; nothing is written from then on."""
        with self._lock:
            self._connection.close()
