from collections.abc import Callable
from pathlib import Path

import pytest

from penstock.spec import load_project

Mistakes = Callable[..., list[str]]
FILE = "pipelines/bigmart/pipeline.yaml"
TIMEOUT = "timeout_minutes: 180"


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("target: Sales", 'target: "${Sales}"', "4:11  data.target"),
        ("Weight: number", '"a${b": number', '5:13  data.columns."a${b"'),
        ("minimum_rows: 1000", 'split: {key: [a, "{%b%}"]}', "6:20  data.split.key[1]"),
        ("n_estimators: 100", '"${a}": 1', '9:21  train.hyperparameters."${a}"'),
        ("n_estimators: 100", 'a: "{% 1 %}"', "9:24  train.hyperparameters.a"),
        (TIMEOUT, 'check: {columns: {Fat: {values: [Low, "${a}"]}}}', "14:39  check.columns.Fat.values[1]"),
        (TIMEOUT, 'tune: {ranges: {"${a}": {type: categorical, values: [1]}}}', '14:17  tune.ranges."${a}"'),
        (TIMEOUT, 'tune: {ranges: {a: {type: categorical, values: ["{% 1 %}"]}}}', "14:49  tune.ranges.a.values[0]"),
    ],
)
def test_what_a_definition_would_replace_is_refused(mistakes: Mistakes, old: str, new: str, place: str) -> None:
    message, remedy = mistakes(old, new)

    assert message.startswith(f"{FILE}:{place}: ")
    assert message.endswith(" has ${ in it or begins with {%; a state machine's definition would replace it.")
    assert remedy == "    Choose another."


def test_percent_and_dollar_signs_may_be_in_a_value(project: Path) -> None:
    path = project / FILE
    path.write_text(path.read_text().replace("n_estimators: 100", 'a: "$5 {% b"'))

    assert load_project(project).pipelines["bigmart"].train.hyperparameters == {"a": "$5 {% b"}


def test_what_a_model_refused_is_not_looked_at(mistakes: Mistakes) -> None:
    (message,) = mistakes(TIMEOUT, 'check: {columns: {Fat: {values: [["${a}"]]}}}')

    assert message.startswith(f"{FILE}:14:34  check.columns.Fat.values[0]: this is a list; ")
