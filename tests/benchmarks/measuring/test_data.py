import csv
from pathlib import Path

from benchmarks.measuring.data import write_templates
from benchmarks.measuring.wrk import Generator

NAMES = ["Item_Identifier", "Item_MRP", "Outlet_Type", "Item_Outlet_Sales"]


def test_a_template_counts_a_number_up_and_keeps_the_rest(tmp_path: Path) -> None:
    data = tmp_path / "data.csv"
    with data.open("w", newline="") as file:
        csv.writer(file).writerows([NAMES, ["FD 5%, X", "249.8", "", "1"]])
    templates = write_templates(data, tmp_path / "templates")
    assert templates.read_text() == '"FD 5%%, X",%.4f,\n'
    assert Generator(templates).row() == '"FD 5%, X",150.0000,'
