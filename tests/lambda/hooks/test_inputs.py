from typing import Any

import pytest

from hooks.inputs import Pipeline, Request, read_input
from hooks.rules import InvalidInput

DEFAULTS: dict[str, Any] = {
    "hyperparameters": {"problem": "regression", "n_estimators": "100"},
    "instance_types": {"train": "ml.m5.xlarge", "deploy": "ml.m5.large"},
    "tuned": ["depth"],
}
URI = "s3://data/bigmart/"


def _read(value: Any, *, batch: bool = False) -> Request:
    return read_input(value, Pipeline("data", DEFAULTS, batch))


def test_data_alone_are_enough() -> None:
    hyperparameters, types = DEFAULTS["hyperparameters"], DEFAULTS["instance_types"]
    assert _read({"data": URI}) == Request("bigmart/", 0, "", hyperparameters, types)


def test_a_generation_is_enough_too() -> None:
    request = _read({"generation": 5})
    assert (request.data, request.generation) == ("", 5)


def test_predictions_in_batches_take_rows_and_have_an_instance_type_of_their_own() -> None:
    request = _read({"data": URI, "predict": "s3://data/new/", "deploy": {"instance_type": "ml.c5.large"}}, batch=True)
    assert request.predict == "new/"
    assert request.instance_types["batch"] == "ml.c5.large"


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ({"data": URI}, "predict: missing; an S3 URI is needed, s3://data/"),
        ({"data": URI, "predict": "s3://other/x/"}, 'predict: "s3://other/x/" is in another bucket'),
    ],
)
def test_rows_to_predict_must_be_there(value: Any, problem: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        _read(value, batch=True)
    assert f"\n- {problem}" in str(refusal.value)
    assert '"predict": "s3://data/rows/"' in str(refusal.value)


def test_what_the_input_sets_is_over_the_defaults() -> None:
    train = {"hyperparameters": {"n_estimators": 50}, "instance_type": "ml.c5.xlarge"}
    request = _read({"data": URI, "train": train, "deploy": {"instance_type": "ml.c5.large"}})
    assert request.hyperparameters == {"problem": "regression", "n_estimators": "50"}
    assert request.instance_types == {"train": "ml.c5.xlarge", "deploy": "ml.c5.large"}


@pytest.mark.parametrize(("setting", "text"), [("gini", "gini"), (50, "50"), (0.1, "0.1"), (True, "true"), ("", "")])
def test_hyperparameters_become_text(setting: object, text: str) -> None:
    request = _read({"data": URI, "train": {"hyperparameters": {"setting": setting}}})
    assert request.hyperparameters["setting"] == text


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ([], "it is []; an object is needed"),
        ({}, "data: missing; an S3 URI is needed, s3://data/"),
        ({"data": 3}, "data: 3; an S3 URI is needed"),
        ({"data": "bigmart/train.csv"}, 'data: "bigmart/train.csv"; an S3 URI is needed'),
        ({"data": "s3://data/"}, 'data: "s3://data/"; an S3 URI is needed'),
        ({"data": "s3://other/x/"}, 'data: "s3://other/x/" is in another bucket; only data may be read'),
        ({"data": URI, "dta": 1}, "dta: unknown key. Keys here: data, train, deploy, predict."),
        ({"data": URI, "predict": URI}, "predict: this pipeline has an endpoint; only one whose deploy.kind is batch"),
        ({"generation": 0}, "generation: 0 is no generation; they are numbered from 1."),
        ({"generation": True}, "generation: true is no generation"),
        ({"generation": "5"}, 'generation: "5" is no generation'),
        ({"generation": 5, "data": URI}, "data: unknown key. Keys here: generation, deploy, predict."),
        ({"data": URI, "train": {"hyperparameters": {"depth": 2}}}, "train.hyperparameters.depth: it is tuned"),
        ({"data": URI, "train": 7}, "train: 7 is no object."),
        ({"data": URI, "deploy": {"count": 2}}, "deploy.count: unknown key. Keys here: instance_type."),
        ({"data": URI, "train": {"instance_type": "m5"}}, 'train.instance_type: "m5" is no instance type'),
        ({"data": URI, "deploy": {"instance_type": 5}}, "deploy.instance_type: 5 is no instance type"),
        ({"data": URI, "train": {"hyperparameters": []}}, "train.hyperparameters: [] is no object."),
        ({"data": URI, "train": {"hyperparameters": {"a": [1]}}}, "train.hyperparameters.a: [1] is no single value"),
        ({"data": URI, "train": {"hyperparameters": {"a": "x" * 2501}}}, "train.hyperparameters.a: 2,501 characters"),
        ({"data": URI, "train": {"hyperparameters": {"a": "1\n2"}}}, 'train.hyperparameters.a: "1\\n2" has several'),
        ({"data": URI, "train": {"hyperparameters": {"a\r": 1}}}, r"train.hyperparameters.a\r: SageMaker takes"),
        ({"data": URI, "train": {"hyperparameters": {"x" * 257: 1}}}, f"train.hyperparameters.{'x' * 76}…: SageMaker"),
        (
            {"data": URI, "train": {"hyperparameters": {f"x{number}": 1 for number in range(99)}}},
            "train.hyperparameters: 101 with the spec's own; SageMaker takes 100.",
        ),
    ],
)
def test_wrong_input_is_refused_by_name(value: Any, problem: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        _read(value)
    assert f"\n- {problem}" in str(refusal.value)


def test_every_problem_is_listed() -> None:
    with pytest.raises(InvalidInput) as refusal:
        _read({"train": {"instance_type": 1, "x": 2}, "deploy": 3, "y": 4})
    assert str(refusal.value).count("\n- ") == 5


def test_a_long_value_is_cut_short() -> None:
    with pytest.raises(InvalidInput) as refusal:
        _read({"data": "x" * 500})
    assert "x" * 100 not in str(refusal.value)


def test_the_spec_s_own_hyperparameters_are_counted_once() -> None:
    names = [*DEFAULTS["hyperparameters"], *(f"x{number}" for number in range(98))]
    request = _read({"data": URI, "train": {"hyperparameters": dict.fromkeys(names, 1)}})
    assert len(request.hyperparameters) == 100
