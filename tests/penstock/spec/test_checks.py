from collections.abc import Callable
from pathlib import Path

import pytest

from penstock.spec import load_project
from penstock.spec.metrics import OUR_HYPERPARAMETERS

Mistakes = Callable[..., list[str]]
FILE = "pipelines/bigmart/pipeline.yaml"


def test_columns_longer_than_a_hyperparameter_are_refused(mistakes: Mistakes) -> None:
    columns = ", ".join(f"column_{number}: number" for number in range(150))

    assert mistakes("{Weight: number, Fat: category}", f"{{{columns}}}") == [
        f"{FILE}:5:12  data.columns: 3,191 characters as JSON; SageMaker passes at most 2,500 to a container.",
        "    Name fewer columns.",
    ]


def test_hyperparameter_longer_than_sagemaker_takes_is_refused(mistakes: Mistakes) -> None:
    assert mistakes("n_estimators: 100", f"words: {'x' * 2501}") == [
        f"{FILE}:9:28  train.hyperparameters.words: 2,501 characters; SageMaker passes at most 2,500.",
        "    Put the text into a file of the container.",
    ]


def test_name_of_a_hyperparameter_has_256_characters_at_most(mistakes: Mistakes) -> None:
    (message,) = mistakes("n_estimators: 100", f"{'x' * 257}: 1")

    assert message.startswith(f"{FILE}:9:21  train.hyperparameters.xxx")
    assert message.endswith('…" is too long; at most 256 characters are allowed.')


def test_sagemaker_takes_100_hyperparameters_with_ours(mistakes: Mistakes) -> None:
    many = ", ".join(f"x{number}: 1" for number in range(93))

    assert mistakes("n_estimators: 100", many) == [
        f"{FILE}:9:20  train.hyperparameters: 93 hyperparameters; SageMaker passes at most 92, besides Penstock's own.",
        "    Remove some.",
    ]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("target: Sales", 'target: "${Sales}"', "4:11  data.target"),
        ("Weight: number", '"a${b": number', '5:13  data.columns."a${b"'),
        ("minimum_rows: 1000", 'split: {key: [a, "{%b%}"]}', "6:20  data.split.key[1]"),
        ("n_estimators: 100", '"${a}": 1', '9:21  train.hyperparameters."${a}"'),
        ("n_estimators: 100", 'a: "{% 1 %}"', "9:24  train.hyperparameters.a"),
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


@pytest.mark.parametrize("name", OUR_HYPERPARAMETERS)
def test_hyperparameters_of_penstock_cannot_be_set(mistakes: Mistakes, name: str) -> None:
    assert mistakes("n_estimators: 100", f"{name}: 1") == [
        f"{FILE}:9:21  train.hyperparameters.{name}: Penstock itself passes this one.",
        f"    Remove it; {OUR_HYPERPARAMETERS[name]} sets it.",
    ]


def test_metric_and_bounds_must_fit_the_problem(mistakes: Mistakes) -> None:
    assert mistakes("problem: regression\n", "problem: binary\n") == [
        f'{FILE}:11:16  gate.metric: "rmse" is no metric of binary problems.',
        "    Those are: accuracy, precision, recall, f1, auc.",
        f"{FILE}:13:31  smoke_test.minimum: bounds are for regression problems.",
        "    Remove it.",
        f"{FILE}:13:43  smoke_test.maximum: bounds are for regression problems.",
        "    Remove it.",
    ]


def test_default_timeout_must_leave_time_after_training(mistakes: Mistakes) -> None:
    new = "max_runtime_minutes: 240\ngate: {metric: mae, at_most: 9}\nsmoke_test: {file: smoke.csv}\n"
    old = """instance_type: ml.m5.xlarge
gate: {metric: rmse, at_most: 1300}
deploy: {instance_type: ml.m5.large}
smoke_test: {file: smoke.csv, minimum: 0, maximum: 14000}
timeout_minutes: 180
"""

    assert mistakes(old, new) == [
        f"{FILE}:10:24  train.max_runtime_minutes: 240 minutes are not less than timeout_minutes, 180 by default.",
        "    Set a higher timeout_minutes, for the whole run.",
    ]


def test_other_mistakes_of_a_section_do_not_hide_a_check(mistakes: Mistakes) -> None:
    found = mistakes("  container: forest\n", "  container: forst\n  volume: 30\n")

    assert [line for line in found if line.startswith(FILE)] == [
        f"{FILE}:8:14  train.container: there is no folder containers/forst.",
        f"{FILE}:9:3   train.volume: unknown key. "
        "Keys here: container, hyperparameters, instance_type, volume_gb, max_runtime_minutes.",
    ]
