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
_FORMAT_FILE = "format.json"
_FORMAT = 1  # of what is in the folder: another number is another Penstock's
# All that a cloud keeps. What tells whose folder it is goes last: a removal that was cut off can be tried again.
_KEPT = (
    *("state.db*", "journal.db*", "bodies", "operator.*", _PORT_FILE),
    *("calls.jsonl", "faults.jsonl", "errors.log", "mail", "sagemaker", "lambda"),
    _FORMAT_FILE,
)


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
    """Open a state folder, or make it; `fresh` removes first what a cloud has kept there.

    Raises:
        CloudError: it holds something else, cannot be written, another cloud uses it, it is of another version, account
            or region, or the cloud that begins inside the `with` statement cannot make sense of it.
    """
    ours = {"format": _FORMAT, "moto": moto.__version__, "account": account, "region": region}
    with ExitStack() as stack:
        with _writable(folder):
            _check_owner(folder)
            stack.enter_context(_locked(folder.with_name(f"{folder.name}.lock")))
            if fresh:
                _empty(folder)
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _check(folder / _FORMAT_FILE, ours)
            operator = _operator(folder / "operator.json")
        try:
            store = stack.enter_context(closing(Store(folder / "state.db")))
            yield State(folder, operator, store, stack.enter_context(closing(Journal(folder, clock))))
        except (KeyError, TypeError, ValueError, DatabaseError) as error:
            raise CloudError(
                f"{folder} cannot be taken up again ({error!r}): has another version of Penstock kept it? {_FRESH}"
            ) from error


@contextmanager
def _writable(folder: Path) -> Iterator[None]:
    """Say of a folder that nothing can be kept in it, if so."""
    try:
        yield
    except OSError as error:
        raise CloudError(
            f"{folder} cannot keep the state of a cloud ({error.strerror}: {error.filename}). Name another folder with"
            " --state."
        ) from error


def _check_owner(folder: Path) -> None:
    """Refuse a folder that is used for something else: whoever names it by mistake loses nothing."""
    if not folder.exists():
        return
    names = sorted(path.name for path in folder.iterdir())
    if names and not _is_ours(folder / _FORMAT_FILE):
        raise CloudError(
            f"{folder} is not empty, and no cloud has kept its state there: it has {names[0]}. Nothing in it was"
            " changed. Name a folder that is empty, or not there yet, with --state."
        )


def _is_ours(path: Path) -> bool:
    try:
        content = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return False
    return isinstance(content, dict) and content.keys() >= {"format", "moto"}


def _empty(folder: Path) -> None:
    """Remove what a cloud has kept in a folder, and nothing else."""
    for path in [path for pattern in _KEPT for path in folder.glob(pattern)]:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


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
                " there. End that one, or start this one with another folder (--state) or --environment."
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
    try:
        known = Credentials(**json.loads(path.read_text()))
        if not all(value and isinstance(value, str) for value in (known.access_key, known.secret_key)):
            raise ValueError("a key is no text")  # noqa: TRY301
    except (TypeError, ValueError) as error:
        raise CloudError(
            f"{path} does not hold the operator's credentials ({error}), with which clients use this cloud. Put the"
            f" file back, or remove it: then there are new ones, for you to export. Nothing was changed. {_FRESH}"
        ) from error
    return known
