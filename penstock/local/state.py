"""A cloud's state folder: one cloud at a time uses it, and the next one takes up what the last one left."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from sqlite3 import DatabaseError

import moto

from penstock.errors import CloudError
from penstock.local.clients import Credentials
from penstock.local.clock import Clock
from penstock.local.gateway.callers import new_credentials
from penstock.local.gateway.journal import Journal
from penstock.local.service import JsonObject
from penstock.local.store import Store
from penstock.local.work import work_folder

_FRESH = "`penstock local up --fresh` deletes it and starts anew."
_PORT_FILE = "port"
_FORMAT = 1  # of what is in the folder: another number is another Penstock's


@dataclass(frozen=True)
class State:
    """What a cloud keeps, and the operator's credentials, which stay valid as long as the folder is there."""

    folder: Path
    operator: Credentials
    store: Store
    journal: Journal | None  # None: nothing is kept but logs

    @property
    def port(self) -> int | None:
        """The port that the cloud had the last time."""
        path = self.folder / _PORT_FILE
        return int(path.read_text()) if path.exists() else None

    def remember(self, port: int) -> None:
        """Note the port that the cloud has."""
        (self.folder / _PORT_FILE).write_text(str(port))


@contextmanager
def passing_state(parent: Path) -> Iterator[State]:
    """Make the state of a cloud that does not come back, in a folder of its own."""
    with work_folder(parent) as folder, closing(Store()) as store:
        yield State(folder, new_credentials("AKIA"), store, None)


@contextmanager
def lasting_state(folder: Path, *, account: str, region: str, clock: Clock, fresh: bool) -> Iterator[State]:
    """Open a state folder, or make it; `fresh` empties it first.

    Raises:
        CloudError: another cloud uses it, it is of another version, account or region, or the cloud that begins inside
            the `with` statement cannot make sense of it.
    """
    with _locked(folder.with_name(f"{folder.name}.lock")), ExitStack() as stack:
        if fresh:
            shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        ours = {"format": _FORMAT, "moto": moto.__version__, "account": account, "region": region}
        _check(folder / "format.json", ours)
        operator = _operator(folder / "operator.json")
        try:
            store = stack.enter_context(closing(Store(folder / "state.db")))
            yield State(folder, operator, store, stack.enter_context(closing(Journal(folder, clock))))
        except (KeyError, TypeError, ValueError, DatabaseError) as error:
            raise CloudError(
                f"{folder} cannot be taken up again ({error!r}): has another version of Penstock kept it? {_FRESH}"
            ) from error


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise CloudError(
                f"{path.with_suffix('')} is in use by process {file.read() or '?'}: one cloud at a time keeps its state"
                " there. End that one, or start this one with another --environment."
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _check(path: Path, ours: JsonObject) -> None:
    """Compare what wrote a folder with what is to read it."""
    if not path.exists():
        path.write_text(json.dumps(ours))
        return
    theirs = json.loads(path.read_text())
    different = [
        f"{name} {theirs.get(name)}, and this is {value}" for name, value in ours.items() if theirs.get(name) != value
    ]
    if different:
        raise CloudError(
            f"{path.parent} was kept by a cloud of {'; '.join(different)}. Nothing in it was changed. {_FRESH}"
        )


def _operator(path: Path) -> Credentials:
    """Return the credentials that were exported the last time, or new ones."""
    if not path.exists():
        made, partial = new_credentials("AKIA"), path.with_suffix(".partial")
        partial.touch(mode=0o600)
        partial.write_text(json.dumps(asdict(made)))
        partial.rename(path)
    return Credentials(**json.loads(path.read_text()))
