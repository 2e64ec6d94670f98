"""Process data: what the command `process` runs."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path

from tabular.commands import tell
from tabular.csvfiles import csv_files, header, records
from tabular.errors import TabularError, counted, listed
from tabular.processing.parts import write_batches, write_parts
from tabular.processing.script import FILE, apply_script, find_script
from tabular.processing.split import split_table
from tabular.settings import Settings, read_settings
from tabular.table import Table, read_table, write_rows


def run(arguments: Namespace) -> None:
    """Apply the user's process.py, if there is one, and write the parts, or the rows to predict.

    Raises:
        TabularError: the data, the settings or the script do not allow it.
    """
    settings = read_settings(arguments.settings)
    if "PYSPARK_GATEWAY_PORT" in os.environ:  # spark-submit runs this program
        import_module("tabular.processing.spark").process(settings, arguments)
        return
    table = read_table(arguments.data)
    if not table.rows:
        raise TabularError("Give the data rows: there is none below the header.")
    script = find_script(arguments.code)
    processed = apply_script(script, table) if script else table
    if arguments.predict:
        _predict(processed, len(table.rows), settings, arguments)
    else:
        check_columns(processed.names, settings, script)
        parts = split_table(processed, settings.split)
        tell_parts(write_parts(arguments.output, processed, parts, max(arguments.files, 1)), settings)


def check_columns(names: Sequence[str], settings: Settings, script: Path | None) -> None:
    """Refuse data without the target, or without a column to learn from.

    Raises:
        TabularError: naming the columns that there are, and the script if it is the one that left them.
    """
    wanted = [*(settings.columns or ()), *([settings.target] if settings.supervised else [])]
    given = f"{FILE}: what process returned has" if script else "The data have"
    if missing := [name for name in wanted if name not in names]:
        raise TabularError(f"{given} no {listed(missing)}; keep what is learnt from: there is {listed(names)}.")
    if not [name for name in names if name != settings.target]:
        raise TabularError(f"{given} no column to learn from: there is {listed(names)}, the target.")


def tell_parts(counts: Mapping[str, int], settings: Settings) -> None:
    """Say how many rows each part has."""
    shown = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    tell(f"Rows: {shown} ({settings.split.method} split, seed {settings.split.seed}).")


def _predict(table: Table, given: int, settings: Settings, arguments: Namespace) -> None:
    names = wanted(table.names, settings, arguments.columns_from)
    write_predictable(arguments.output, names, table.select(names).rows, given, len(table.rows))


def write_predictable(folder: Path, names: Sequence[str], rows: Iterable[Sequence[str]], given: int, left: int) -> None:
    """Write rows to predict, and their header beside them.

    Raises:
        TabularError: there are not as many left as were given.
    """
    if left != given:
        raise TabularError(f"{FILE}: of {given:,} rows to predict process returned {left:,}; keep each row.")
    files = write_batches(folder, rows)
    write_rows(folder.parent / "header/header.csv", [names])
    tell(f"Rows to predict: {given:,}, in {counted(files, 'file')}.")


def wanted(names: Sequence[str], settings: Settings, training: Path | None) -> list[str]:
    """Return the columns in the order of training: as declared, else as its files have them, else as they come.

    Raises:
        TabularError: one of them is not among the names.
    """
    found: Sequence[str] = names
    if training is not None:
        file, path = csv_files(training)[0]
        found = header(records(path, file), file)
    found = [name for name in found if name != settings.target] if settings.columns is None else [*settings.columns]
    if missing := [name for name in found if name not in names]:
        raise TabularError(f"Add {listed(missing)} to the rows to predict: their columns are {listed(names)}.")
    return found
