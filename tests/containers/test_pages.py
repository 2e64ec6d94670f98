"""The pages on containers and on the runtime name what the programs know, by the words that are in the code."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUNTIME = ROOT / "containers/runtime/runtime"
CONTRACT, SERVING = (ROOT / "docs" / page for page in ("containers.md", "serving.md"))
OF_A_CONTAINER = sorted(ROOT.glob("containers/*/*/hyperparameters.py"))


def found(pattern: str, file: Path) -> set[str]:
    names = set(re.findall(pattern, file.read_text("utf-8"), re.MULTILINE))
    assert names, f"{file} has no {pattern}"
    return names


def missing(names: set[str], page: Path, form: str) -> list[str]:
    text = page.read_text("utf-8")
    return sorted(name for name in names if form.format(name) not in text)


def test_each_type_of_a_body_is_in_the_tables_of_requests_and_responses() -> None:
    types = found(r'^    "([\w/-]+)": Format', RUNTIME / "serving/formats/__init__.py")
    assert missing(types, SERVING, "\n| `{}` | ") == []
    assert [name for name in types if SERVING.read_text("utf-8").count(f"\n| `{name}` | ") < 2] == []


def test_each_environment_variable_is_there() -> None:
    names = found(r'"([A-Z]+(?:_[A-Z]+)+)"', RUNTIME / "serving/settings.py")
    assert missing(names, SERVING, "`{}`") == []


def test_each_path_is_there() -> None:
    paths = found(r'^    "(/[\w-]+)": "', RUNTIME / "serving/app.py")
    assert [path for path in paths if not re.search(rf"`(GET|POST) {path}`", SERVING.read_text("utf-8"))] == []


def test_each_status_of_an_answer_is_there() -> None:
    (line,) = found(r"^STATUSES = \((.*)\)$", RUNTIME / "serving/board.py")
    rows = found(r"^\| ([0-9]{3}(?:, [0-9]{3})*) \| ", SERVING)
    assert set(line.split(", ")) - {"200"} == {status for row in rows for status in row.split(", ")}


def test_each_metric_is_there() -> None:
    names = found(r"# TYPE (serving_\w+) ", RUNTIME / "serving/metrics.py")
    names |= found(r'^ {8,12}\(?"(serving_\w+)",', RUNTIME / "serving/metrics.py")
    assert missing(names, SERVING, "`{}`") == []


def test_each_hyperparameter_that_all_containers_are_given_is_there() -> None:
    names = found(r'^    "(\w+)": (?:Rule|seed)\(', RUNTIME / "training/hyperparameters.py")
    assert missing(names, CONTRACT, "`{}`") == []


@pytest.mark.parametrize("rules", OF_A_CONTAINER, ids=lambda file: file.parent.name)
def test_each_hyperparameter_of_a_container_is_in_its_table(rules: Path) -> None:
    names = found(r'^    "(\w+)": (?:Rule|seed)\(', rules)
    _, section = CONTRACT.read_text("utf-8").split(f"\n## `containers/{rules.parents[1].name}`\n")
    table = set(re.findall(r"^\| `(\w+)` \|", section.partition("\n## ")[0], re.MULTILINE))
    assert names == table
