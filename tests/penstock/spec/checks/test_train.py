from collections.abc import Callable

import pytest

from penstock.spec.metrics import OUR_HYPERPARAMETERS

Mistakes = Callable[..., list[str]]
FILE = "pipelines/bigmart/pipeline.yaml"


def test_hyperparameter_longer_than_sagemaker_takes_is_refused(mistakes: Mistakes) -> None:
    assert mistakes("n_estimators: 100", f"words: {'x' * 2501}") == [
        f"{FILE}:9:28  train.hyperparameters.words: 2,501 characters; SageMaker passes at most 2,500.",
        "    Put the text into a file of the container.",
    ]


def test_name_of_a_hyperparameter_has_256_characters_at_most(mistakes: Mistakes) -> None:
    (message,) = mistakes("n_estimators: 100", f"{'x' * 257}: 1")

    assert message.startswith(f"{FILE}:9:21  train.hyperparameters.xxx")
    assert message.endswith('…" is too long; at most 256 characters are allowed.')


def test_sagemaker_takes_100_hyperparameters_with_ours_and_those_that_are_tuned(mistakes: Mistakes) -> None:
    most = 100 - len(OUR_HYPERPARAMETERS)
    many = ", ".join(f"x{number}: 1" for number in range(most))
    tuned = "\ntune: {ranges: {a: {type: categorical, values: [1]}}}\ngate:"

    assert mistakes("{n_estimators: 100}\n  instance_type: ml.m5.xlarge\ngate:", f"{{{many}}}{tuned}") == [
        f"{FILE}:9:20  train.hyperparameters: {most + 1} hyperparameters, with those that are tuned; SageMaker passes"
        f" at most {most}, besides Penstock's own.",
        "    Remove some.",
    ]


@pytest.mark.parametrize("name", OUR_HYPERPARAMETERS)
def test_hyperparameters_of_penstock_cannot_be_set(mistakes: Mistakes, name: str) -> None:
    assert mistakes("n_estimators: 100", f"{name}: 1") == [
        f"{FILE}:9:21  train.hyperparameters.{name}: Penstock itself passes this one.",
        f"    Remove it; {OUR_HYPERPARAMETERS[name]} sets it.",
    ]
