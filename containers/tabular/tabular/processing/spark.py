"""Process data with Spark: `def process(frame: pyspark.sql.DataFrame) -> pyspark.sql.DataFrame`, of text in.

The same parts come out of the same rows as without Spark. Executors read the data where the job has put them on every
instance; the result is streamed through the driver, which keeps 8 bytes a row in memory, and a few thousand rows.
"""

from __future__ import annotations

import csv
import itertools
import re
from argparse import Namespace
from array import array
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tabular.csvfiles import csv_files, header, records
from tabular.errors import TabularError, listed
from tabular.processing.command import check_columns, tell_parts, wanted, write_predictable
from tabular.processing.script import FILE, call_script, find_script
from tabular.processing.split import PARTS, TEST, check_parts, parts_of
from tabular.rowhash import row_hashes, write_seen
from tabular.settings import Settings
from tabular.table import Table

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

CHUNK_ROWS = 10_000
# Cells as Python's csv module reads them, which the container without Spark uses.
OPTIONS = {"header": True, "multiLine": True, "escape": '"', "mode": "FAILFAST", "enforceSchema": False}
PATTERN = re.compile(r"[\\*?{}\[\]]")  # what Hadoop takes for a pattern in a path


def process(settings: Settings, arguments: Namespace) -> None:
    """Apply the user's process.py, if there is one, and write the parts, or the rows to predict.

    Raises:
        TabularError: the data, the settings or the script do not allow it.
    """
    from pyspark.sql import SparkSession  # noqa: PLC0415 (only Spark's image has it)

    session = SparkSession.builder.appName("process").getOrCreate()
    session.sparkContext.setLogLevel("WARN")
    given, script = _read(session, arguments.data), find_script(arguments.code)
    processed = _applied(session, script, given)
    try:
        if arguments.predict:
            _predict(processed, given, settings, arguments)
        else:
            _split(processed, script, settings, arguments)
    finally:
        session.stop()


def _read(session: SparkSession, folder: Path) -> DataFrame:
    """Read every CSV file below a folder as text; rows stay in the order of the files until something sorts them."""
    session.conf.set("spark.sql.csv.parser.columnPruning.enabled", "false")  # it would not see rows of other lengths
    frames: list[DataFrame] = []
    for name, path in csv_files(folder):
        names = header(records(path, name), name)
        if frames and set(names) != set(frames[0].columns):
            different = listed(sorted(set(names) ^ set(frames[0].columns)))
            raise TabularError(f"{name}: its columns and those of the first file differ in {different}.")
        schema = ", ".join(f"`{each.replace('`', '``')}` STRING" for each in names)
        place = PATTERN.sub(r"\\\g<0>", f"file://{path.resolve()}")
        frames.append(session.read.schema(schema).options(**OPTIONS).csv(place))
    whole = frames[0]
    for frame in frames[1:]:
        whole = whole.unionByName(frame)
    return whole.na.fill("")


def _applied(session: SparkSession, script: Path | None, frame: DataFrame) -> DataFrame:
    """Return what the script makes of a frame; what is beside it can be imported wherever it runs."""
    from pyspark.sql import DataFrame  # noqa: PLC0415

    if script is None:
        return frame
    for module in sorted(script.parent.glob("*.py")):
        session.sparkContext.addPyFile(str(module))
    result = call_script(script, frame)
    if not isinstance(result, DataFrame):
        raise TabularError(f"{FILE}: process returned {type(result).__name__}; return the PySpark DataFrame.")
    if twice := sorted({name for name in result.columns if result.columns.count(name) > 1}):
        raise TabularError(f"{FILE}: process returned more than one column named {listed(twice)}.")
    return result


def _split(frame: DataFrame, script: Path | None, settings: Settings, arguments: Namespace) -> None:
    check_columns(frame.columns, settings, script)
    names, files = tuple(frame.columns), max(arguments.files, 1)
    counts = [0] * len(PARTS)
    seen = array("Q")
    chosen = _chosen(frame, settings)
    with ExitStack() as stack:
        writers: dict[tuple[int, int], Any] = {}
        for rows in _chunks(frame):
            table = Table(names, rows)
            parts = parts_of(table, settings.split) if chosen is None else list(itertools.islice(chosen, len(rows)))
            seen.extend(hashed for hashed, part in zip(row_hashes(table), parts) if part != TEST)
            for row, part in zip(rows, parts):
                place = part, counts[part] % files
                if place not in writers:
                    writers[place] = _writer(stack, arguments.output, place, files, names)
                writers[place].writerow(row)
                counts[part] += 1
    if not sum(counts):
        raise TabularError("Give the data rows: there is none below the header, or process keeps none.")
    check_parts(counts, settings.split)
    write_seen(arguments.output / "seen", seen)
    tell_parts(dict(zip(PARTS, counts)), settings)


def _chosen(frame: DataFrame, settings: Settings) -> Iterator[int] | None:
    """Return the parts of rows that depend on how many there are, in their order; None for those that do not."""
    if settings.split.method == "hash":
        return None
    frame.cache()
    return iter(parts_of(Table((), [[]] * frame.count()), settings.split))


def _writer(stack: ExitStack, folder: Path, place: tuple[int, int], files: int, names: Sequence[str]) -> Any:
    part, index = place
    name = PARTS[part]
    path = folder / name / (f"{name}.csv" if files == 1 else f"{name}-{index:04}.csv")
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = csv.writer(stack.enter_context(path.open("w", encoding="utf-8", newline="")), lineterminator="\n")
    writer.writerow(names)
    return writer


def _predict(frame: DataFrame, given: DataFrame, settings: Settings, arguments: Namespace) -> None:
    names = wanted(frame.columns, settings, arguments.columns_from)
    columns = [f"`{name.replace('`', '``')}`" for name in names]
    rows = itertools.chain.from_iterable(_chunks(frame.select(*columns)))
    write_predictable(arguments.output, names, rows, given.count(), frame.count())


def _chunks(frame: DataFrame) -> Iterator[list[list[str]]]:
    """Stream the rows through the driver, as text.

    Raises:
        TabularError: Spark cannot make them.
    """
    rows = frame.toLocalIterator(prefetchPartitions=True)
    try:
        while chunk := [[_text(cell) for cell in row] for row in itertools.islice(rows, CHUNK_ROWS)]:
            yield chunk
    except Exception as error:  # whatever ran on an executor
        raise TabularError(f"{_said(str(error))}") from error


def _text(value: Any) -> str:
    """Write a value in the fewest digits that mean it; what is missing is empty."""
    return "" if value is None or value != value else str(value)  # noqa: PLR0124 (NaN)


def _said(error: str) -> str:
    """Return the part of Spark's message that says what was wrong."""
    if "MALFORMED" in error.upper():
        return "Correct the data: a row has more or fewer cells than the header, or its quotes are wrong."
    lines = [line.strip() for line in error.splitlines() if line.strip()]
    causes = [line for line in lines if re.match(r"\w*(Error|Exception): ", line)]
    return f"{FILE}: {causes[-1] if causes else lines[0]}"
