import csv
import subprocess
import sys
from pathlib import Path

import yaml

FOLDER = Path(__file__).parents[3] / "pipelines/bigmart"
SMOKE = list(csv.DictReader((FOLDER / "smoke.csv").read_text().splitlines()))
GENERATED = [sys.executable, str(FOLDER / "generate.py"), "--rows", "1000"]


def test_its_columns_are_those_that_the_pipeline_declares() -> None:
    pipeline = yaml.safe_load((FOLDER / "pipeline.yaml").read_text())
    assert list(SMOKE[0]) == list(pipeline["data"]["columns"])


def test_five_rows_with_an_empty_value_and_a_category_that_is_in_no_data() -> None:
    generated = csv.DictReader(subprocess.check_output(GENERATED, text=True, timeout=60).splitlines())
    known = {row["Outlet_Type"] for row in generated}
    assert len(SMOKE) == 5
    assert any(row["Item_Weight"] == "" for row in SMOKE)
    assert {row["Outlet_Type"] for row in SMOKE} - known == {"Kiosk"}
