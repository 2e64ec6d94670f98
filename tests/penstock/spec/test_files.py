from collections.abc import Callable
from pathlib import Path

import pytest

from penstock.errors import SpecError
from penstock.spec import load_project

Report = Callable[[], list[str]]
CONTAINER = "pipelines/bigmart/pipeline.yaml:8:14  train.container:"
SMOKE = "pipelines/bigmart/smoke.csv"


@pytest.fixture
def report(project: Path) -> Report:
    """Load a project that a test has spoilt, and return the lines of the report but its last."""

    def load() -> list[str]:
        with pytest.raises(SpecError) as caught:
            load_project(project)
        return str(caught.value).splitlines()[:-1]

    return load


def test_what_a_container_lacks_is_named(project: Path, report: Report) -> None:
    (project / "containers/forest/serve").unlink()
    (project / "containers/forest/requirements.txt").unlink()

    assert report() == [
        f"{CONTAINER} containers/forest has no requirements.txt, no serve.",
        "    docs/containers.md says what a container consists of.",
    ]


def test_programs_of_a_container_are_executable(project: Path, report: Report) -> None:
    (project / "containers/forest/train").chmod(0o644)

    assert report() == [
        f"{CONTAINER} containers/forest/train is not executable.",
        "    Run: chmod +x containers/forest/train",
    ]


@pytest.mark.parametrize("content", [b"", b"import sys\n", b"#!\n", b"\xef\xbb\xbf#!/bin/sh\n", b"\n#!/bin/sh\n"])
def test_programs_of_a_container_name_their_interpreter(project: Path, report: Report, content: bytes) -> None:
    (project / "containers/forest/train").write_bytes(content)

    assert report() == [
        f"{CONTAINER} the first line of containers/forest/train names no interpreter, so it cannot be started.",
        "    Begin the file with, for example: #!/usr/bin/env python3",
    ]


def test_programs_of_a_container_have_no_crlf_in_their_first_line(project: Path, report: Report) -> None:
    (project / "containers/forest/serve").write_bytes(b"#!/usr/bin/env python3\r\nimport sys\r\n")

    assert report() == [
        f"{CONTAINER} the first line of containers/forest/serve ends as on Windows (CRLF), so it cannot be started.",
        "    Save it with the line ends of Unix (LF).",
    ]


@pytest.mark.parametrize("content", [b"#!/usr/bin/env python3\nimport sys\r\n", b"\x7fELF\x02\x01\r\n"])
def test_programs_of_a_container_that_can_be_started(project: Path, content: bytes) -> None:
    (project / "containers/forest/train").write_bytes(content)

    assert load_project(project).pipelines["bigmart"].train.container == "forest"


def test_the_runtime_is_no_container(project: Path, report: Report) -> None:
    text = (project / "pipelines/bigmart/pipeline.yaml").read_text()
    (project / "pipelines/bigmart/pipeline.yaml").write_text(text.replace("container: forest", "container: runtime"))
    (project / "containers/runtime").mkdir()

    assert report() == [
        f"{CONTAINER} containers/runtime is a part of containers' images.",
        "    Containers there are: forest, tabular.",
    ]


def test_a_container_that_copies_the_runtime_in_needs_one(project: Path, report: Report) -> None:
    (project / "containers/forest/Dockerfile").write_text("FROM python\nCOPY --from=runtime runtime /opt/runtime\n")

    assert report() == [
        f"{CONTAINER} the Dockerfile of containers/forest copies the runtime in, and there is no containers/runtime.",
        "    Put Penstock's containers/runtime beside it.",
    ]


def test_there_may_be_no_container_at_all(project: Path, report: Report) -> None:
    (project / "containers").rename(project / "images")

    assert report() == [
        "pipelines/bigmart/pipeline.yaml:1:1   process.container: there is no folder containers/tabular.",
        "    Containers there are: none.",
        f"{CONTAINER} there is no folder containers/forest.",
        "    Containers there are: none.",
    ]


def test_programs_of_the_processing_are_those_that_check_and_process(project: Path, report: Report) -> None:
    pipeline = project / "pipelines/bigmart/pipeline.yaml"
    pipeline.write_text(pipeline.read_text() + "process: {container: tabular}\n")
    (project / "containers/tabular/check").unlink()
    (project / "containers/tabular/__main__.py").unlink()
    (project / "containers/tabular/process").write_text("import sys\n")

    place = "pipelines/bigmart/pipeline.yaml:15:22  process.container:"
    assert report() == [
        f"{place} containers/tabular has no __main__.py, no check.",
        "    docs/containers.md says what a container consists of.",
        f"{place} the first line of containers/tabular/process names no interpreter, so it cannot be started.",
        "    Begin the file with, for example: #!/usr/bin/env python3",
    ]


def test_script_is_read_where_there_is_one(project: Path, report: Report) -> None:
    assert load_project(project).pipelines["bigmart"].script is None

    script = project / "pipelines/bigmart/process.py"
    script.write_text("def process(frame):\n    return frame\n")
    assert load_project(project).pipelines["bigmart"].script == script

    script.write_text("def clean(frame):\n    return frame\n")
    assert report()[0] == "pipelines/bigmart/process.py:1:1  there is no function process."


def test_script_may_have_another_name(project: Path) -> None:
    pipeline = project / "pipelines/bigmart/pipeline.yaml"
    pipeline.write_text(pipeline.read_text() + "process: {script: clean.py}\n")
    script = project / "pipelines/bigmart/clean.py"
    script.write_text("def process(frame):\n    return frame\n")

    assert load_project(project).pipelines["bigmart"].script == script


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "1:1  0 lines; a header and one row at least are needed."),
        ("Weight,Fat\n\n", "1:1  1 line; a header and one row at least are needed."),
        ("Weight,Fat\n1\n", "2:1  1 value, where the header has 2."),
        ("Weight,Fat\n\n1,2\n1,2,3\n", "4:1  3 values, where the header has 2."),
        ('Weight,Fat\n1,"Low\nFat"\n', "2:1  not a row of CSV: unexpected end of data."),
        ("Weight,Weight\n1,2\n", '1:1  the column "Weight" is given 2 times.'),
        ("Weight,Fat,Sales\n1,2,3\n", '1:1  the target column "Sales" is here.'),
        ("Fat,Weight\nLow,heavy\n", '2:1  "heavy" is not a number, as data.columns has it for "Weight".'),
        ("Weight,Fat\n1,Low\nnan,Low\n", '3:1  "nan" is not a number, as data.columns has it for "Weight".'),
        ("Weight,Fat\n1_000,Low\n", '2:1  "1_000" is not a number, as data.columns has it for "Weight".'),
        ("Weight,Fat\n1,${Low}\n", "2:1  ${ or {% in a row, which a state machine's definition would replace."),
    ],
)
def test_smoke_file(project: Path, report: Report, content: str, expected: str) -> None:
    (project / SMOKE).write_text(content)

    assert report()[0] == f"{SMOKE}:{expected}"


def test_smoke_file_names_the_declared_columns(project: Path, report: Report) -> None:
    (project / SMOKE).write_text("weight ,Colour\n1,red\n")

    assert report() == [
        f'{SMOKE}:1:1  the column "Colour" is not in data.columns.',
        "    Remove it, or add it there.",
        f'{SMOKE}:1:1  the column "weight " is not in data.columns.',
        "    Did you mean Weight?",
        f'{SMOKE}:1:1  the header lacks "Weight", "Fat" of data.columns.',
        "    Name exactly these: Weight, Fat.",
    ]


def test_smoke_file_has_the_columns_in_any_order_and_values_may_be_empty(project: Path) -> None:
    (project / SMOKE).write_text("Fat,Weight\n12,\n,-1.5e3\n, \n")

    assert len(load_project(project).pipelines["bigmart"].smoke_rows) == 4


def test_smoke_file_may_have_any_columns_where_none_is_declared(project: Path) -> None:
    path = project / "pipelines/bigmart/pipeline.yaml"
    path.write_text(path.read_text().replace("  columns: {Weight: number, Fat: category}\n", ""))
    (project / SMOKE).write_text("Height,Colour\nhigh,red\n")

    assert load_project(project).pipelines["bigmart"].smoke_rows == ("Height,Colour", "high,red")


def test_smoke_file_is_utf_8(project: Path, report: Report) -> None:
    (project / SMOKE).write_bytes("Weight,Größe\n1,2\n".encode("latin-1"))

    assert report() == [f"{SMOKE}:1:10  not UTF-8: byte 0xf6.", "    Save the file in UTF-8."]


def test_smoke_file_is_small(project: Path, report: Report) -> None:
    (project / SMOKE).write_text("Weight,Fat\n" + "1,Low\n" * 11_000)

    assert report() == [f"{SMOKE}  larger than 64 KiB, the most that is read."]


def test_smoke_file_written_on_windows_is_read(project: Path) -> None:
    (project / SMOKE).write_bytes(b"\xef\xbb\xbfWeight,Fat\r\n1,Low\r\n")

    assert load_project(project).pipelines["bigmart"].smoke_rows == ("Weight,Fat", "1,Low")


def test_smoke_file_may_have_a_name_that_no_file_can_have(project: Path, report: Report) -> None:
    path = project / "pipelines/bigmart/pipeline.yaml"
    path.write_text(path.read_text().replace("smoke.csv", "é" * 200))

    assert "smoke_test.file: there is no file" in report()[0]


def test_script_without_a_name_is_told_once(project: Path, report: Report) -> None:
    pipeline = project / "pipelines/bigmart/pipeline.yaml"
    pipeline.write_text(pipeline.read_text() + "process: {script: }\n")

    assert report() == [
        "pipelines/bigmart/pipeline.yaml:15:11  process.script: nothing is given.",
        "    Give a value, or remove the key.",
    ]
