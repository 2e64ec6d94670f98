import gzip
import json
from importlib.resources import files

import pytest

from hooks.rules import Copy, DataObject, InvalidInput, check_data, copies, run_id, run_of, takes_volume_key
from penstock.spec.instances import instance_types

URI = "s3://data/bigmart/"


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


@pytest.mark.parametrize(
    ("artefact", "run"),
    [
        ("s3://artefacts/bigmart/runs/7c1f09ab/output/job/output/model.tar.gz", "7c1f09ab"),
        ("s3://artefacts/somebody/model.tar.gz", ""),
    ],
)
def test_an_artefact_says_which_run_it_is_of(artefact: str, run: str) -> None:
    assert run_of(artefact) == run


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
