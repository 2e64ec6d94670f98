"""Big Mart's records: the real ones beside the project where they are there, else the project's generated ones."""

import csv
import sys
from pathlib import Path

from penstock.run.data import generate

ROOT = Path(__file__).parents[2]
WORK = ROOT / ".penstock/benchmarks"
TARGET = "Item_Outlet_Sales"
_COUNTED = "Item_MRP"  # what makes each row that is sent another one
_REAL = ROOT.parent / "shared/data/bigmart/Train.csv"


def bigmart() -> Path:
    """Return the file, and say on standard error which it is."""
    if _REAL.is_file():
        return _REAL
    print(f"● {_REAL} is not there: generated records stand in, and figures of quality mean nothing", file=sys.stderr)
    return generate(ROOT / "pipelines/bigmart", WORK / "generated").path


def write_templates(data: Path, file: Path) -> Path:
    """Write the rows, without header and target, with `%.4f` where a number is counted up; return the file."""
    with data.open(newline="", encoding="utf-8") as source, file.open("w", newline="", encoding="utf-8") as target:
        writer = csv.writer(target, lineterminator="\n")
        for record in csv.DictReader(source):
            cells = {name: value.replace("%", "%%") for name, value in record.items() if name != TARGET}
            writer.writerow((cells | {_COUNTED: "%.4f"}).values())
    return file
