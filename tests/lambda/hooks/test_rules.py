import gzip
import json
from importlib.resources import files
from typing import Any

import pytest

from hooks.rules import (
    Copy,
    DataObject,
    InvalidInput,
    Request,
    check_data,
    copies,
    read_input,
    run_id,
    takes_volume_key,
)
from penstock.spec.instances import instance_types

DEFAULTS = {
    "hyperparameters": {"problem": "regression", "n_estimators": "100"},
    "instance_types": {"train": "ml.m5.xlarge", "deploy": "ml.m5.large"},
}
URI = "s3://data/bigmart/"


def _read(value: Any) -> Request:
    return read_input(value, data_bucket="data", defaults=DEFAULTS)


def test_data_alone_are_enough() -> None:
    assert _read({"data": URI}) == Request("bigmart/", DEFAULTS["hyperparameters"], DEFAULTS["instance_types"])


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
        ({"data": URI, "dta": 1}, "dta: unknown key. Keys here: data, train, deploy."),
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


def test_good_data_pass() -> None:
    check_data([DataObject("bigmart/a.csv", "v1", 10)], URI)


@pytest.mark.parametrize(
    ("objects", "problem"),
    [
        ([], "There are no data at s3://data/bigmart/"),
        ([DataObject(f"bigmart/{n}.csv", "v", 1) for n in range(1001)], "more than 1,000 objects"),
        (
            [DataObject("bigmart/a.csv", "v", 1), DataObject("bigmart/b.csv", "v", 0)],
            "1 of the 2 objects at s3://data/bigmart/ are empty, the first of them bigmart/b.csv",
        ),
        ([DataObject("bigmart/readme.txt", "v", 1)], "not .csv files, the first of them bigmart/readme.txt"),
    ],
)
def test_bad_data_are_refused(objects: list[DataObject], problem: str) -> None:
    with pytest.raises(InvalidInput, match=problem):
        check_data(objects, URI)


def test_a_folder_without_its_slash_is_guessed() -> None:
    with pytest.raises(InvalidInput, match='write "s3://data/bigmart/"'):
        check_data([], "s3://data/bigmart")


def test_a_run_has_one_short_id() -> None:
    arn = "arn:aws:states:us-east-1:123456789012:execution:dev-bigmart:a"
    assert run_id(arn) == run_id(arn)
    assert len(run_id(arn)) == 8
    assert run_id(arn) != run_id(f"{arn}b")


def test_a_name_that_is_a_short_id_is_the_run_s() -> None:
    assert run_id("arn:aws:states:us-east-1:123456789012:execution:dev-bigmart:7c1f09ab") == "7c1f09ab"


def test_copies_keep_their_order_and_never_meet() -> None:
    objects = [DataObject("in/2025/part.csv", "v1", 1), DataObject("in/2026/part.csv", "v2", 2)]
    assert copies(objects, "runs/7c1f09ab/input/") == [
        Copy("in/2025/part.csv", "v1", 1, "runs/7c1f09ab/input/0000-part.csv"),
        Copy("in/2026/part.csv", "v2", 2, "runs/7c1f09ab/input/0001-part.csv"),
    ]


def test_the_spec_s_own_hyperparameters_are_counted_once() -> None:
    names = [*DEFAULTS["hyperparameters"], *(f"x{number}" for number in range(98))]
    request = _read({"data": URI, "train": {"hyperparameters": dict.fromkeys(names, 1)}})
    assert len(request.hyperparameters) == 100


def test_every_disk_that_ec2_describes_is_known() -> None:
    described = json.loads(gzip.decompress((files("moto.ec2") / "resources/instance_types.json.gz").read_bytes()))
    expected = {
        type_: not described[type_.removeprefix("ml.")]["InstanceStorageSupported"]
        for use in ("training", "hosting")
        for type_ in instance_types(use)
        if type_.removeprefix("ml.") in described
    }
    assert len(expected) > 100
    assert {type_: takes_volume_key(type_) for type_ in expected} == expected


@pytest.mark.parametrize("type_", ["ml.m5.xlarge", "ml.c6i.large", "ml.r5.large", "ml.p3.2xlarge", "ml.inf2.xlarge"])
def test_a_disk_on_the_network_takes_a_key(type_: str) -> None:
    assert takes_volume_key(type_)


@pytest.mark.parametrize(
    "type_",
    [
        "ml.m5d.large",
        "ml.m6gd.large",
        "ml.g4dn.xlarge",
        "ml.g5.xlarge",
        "ml.p4de.24xlarge",
        "ml.trn1.2xlarge",
        "ml.dl1.24xlarge",
        "ml.p6e-gb200.36xlarge",
    ],
)
def test_a_disk_of_its_own_takes_none(type_: str) -> None:
    assert not takes_volume_key(type_)
