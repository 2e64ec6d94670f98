"""The user's process.py: `def process(frame: pandas.DataFrame) -> pandas.DataFrame`, of text in and of anything out."""

from __future__ import annotations

import importlib.util
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from tabular.errors import TabularError, listed, quoted
from tabular.table import Table

if TYPE_CHECKING:
    import pandas as pd

FILE = "process.py"


def find_script(folder: Path | None) -> Path | None:
    """Return the user's script, if there is one in the folder; as an asset it has a hash for its name."""
    found = sorted(folder.glob("*.py"), key=lambda path: (path.name != FILE, path)) if folder else []
    return found[0] if found else None


def apply_script(path: Path, table: Table) -> Table:
    """Return what the script's `process` makes of the table, as text; what it calls missing is empty.

    Raises:
        TabularError: naming the script's line that failed and why, or what is wrong with what it returned.
    """
    import pandas as pd  # noqa: PLC0415 (half a second, which pipelines without a script need not wait for)

    # One object a cell, in every version of pandas; a script converts what it counts with.
    frame = pd.DataFrame(table.rows, columns=list(table.names), dtype=object)
    result = call_script(path, frame)
    if not isinstance(result, pd.DataFrame):
        raise TabularError(f"{FILE}: process returned {type(result).__name__}; return the pandas DataFrame.")
    return _table(result)


def call_script(path: Path, frame: Any) -> Any:
    """Return what the script's `process` makes of a frame.

    Raises:
        TabularError: naming the script's line that failed and why, or that it has no such function.
    """
    module = _load(path)
    if not callable(getattr(module, "process", None)):
        raise TabularError(f"{FILE}: define `def process(frame)`: there is no such function in it.")
    try:
        return module.process(frame)
    except (Exception, SystemExit) as error:  # a script that exits with 0 has not processed anything either
        raise _failed(error, path) from error


def _load(path: Path) -> ModuleType:
    sys.path.insert(0, str(path.parent))  # for modules of the user's beside it
    specification = importlib.util.spec_from_file_location("process", path)
    if specification is None or specification.loader is None:
        raise TabularError(f"{FILE}: Python cannot read it.")
    module = importlib.util.module_from_spec(specification)
    sys.modules["process"] = module  # dataclasses look their module up there; found later, Spark would import it
    try:
        specification.loader.exec_module(module)
    except (Exception, SystemExit) as error:  # whatever the script does as it is imported
        raise _failed(error, path) from error
    finally:
        del sys.modules["process"]
    return module


def _failed(error: BaseException, path: Path) -> TabularError:
    """Say what is wrong and in which line; the log has the way there through the user's own files, and no others."""
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).parent == path.parent
    ]
    for frame in frames:
        sys.stderr.write(f"{_name(frame.filename, path)}, line {frame.lineno}, in {frame.name}\n    {frame.line}\n")
    said = error.msg if isinstance(error, SyntaxError) else str(error)
    text = ": ".join(filter(None, (type(error).__name__, said)))
    places = [(frame.filename, frame.lineno) for frame in frames]
    if isinstance(error, SyntaxError) and error.filename and Path(error.filename).parent == path.parent:
        places.append((error.filename, error.lineno))
    if not places:
        return TabularError(f"{FILE}: {text}")
    file, line = places[-1]
    return TabularError(f"{_name(file, path)}, line {line}: {text}")


def _name(file: str, path: Path) -> str:
    return FILE if Path(file) == path else Path(file).name


def _table(frame: pd.DataFrame) -> Table:
    names = [str(name) for name in frame.columns]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise TabularError(f"{FILE}: process returned more than one column named {listed(twice)}.")
    if not names or not len(frame):
        raise TabularError(f"{FILE}: process returned {len(frame)} rows of {len(names)} columns: nothing is left.")
    if "" in names:
        raise TabularError(f"{FILE}: process returned a column without a name, number {names.index('') + 1}; name it.")
    columns = [_texts(name, frame.iloc[:, index]) for index, name in enumerate(names)]
    return Table(tuple(names), [list(row) for row in zip(*columns)])


def _texts(name: str, column: pd.Series[Any]) -> list[str]:
    """Write each value in the fewest digits that mean it.

    Raises:
        TabularError: there is one that cannot be written.
    """
    try:
        texts = ["" if missing else str(value) for value, missing in zip(column.tolist(), column.isna().tolist())]
        "".join(texts).encode()
    except Exception as error:  # whatever the values are
        raise TabularError(
            f"{FILE}: column {quoted(name)} that process returned cannot be written as text: {error}; convert it there."
        ) from error
    return texts
