from typing import Any

import pytest

from penstock.local.service import AwsError
from penstock.local.services.sagemaker.jobs.json_path import JsonPath


@pytest.mark.parametrize(
    ("path", "record", "part"),
    [
        ("$", [1, 2], [1, 2]),
        ("$[0]", [1, 2], 1),
        ("$[-1]", [1, 2], 2),
        ("$[0,2]", [1, 2, 3], [1, 3]),
        ("$[1:]", [1, 2, 3], [2, 3]),
        ("$[:-1]", [1, 2, 3], [1, 2]),
        ("$.a.b", {"a": {"b": 1}}, 1),
        ("$['a','c']", {"a": 1, "b": 2, "c": 3}, {"a": 1, "c": 3}),
        ("$.a[1:2]", {"a": [1, 2, 3]}, [2]),
    ],
)
def test_a_path_takes_a_part_of_a_record(path: str, record: Any, part: Any) -> None:
    assert JsonPath.parse(path).of(record) == part


@pytest.mark.parametrize("path", ["", "a", "$x", "$[", "$..a", "$[?(@.a)]", "$[1:2:3]"])
def test_a_path_that_sagemaker_does_not_know_is_refused(path: str) -> None:
    with pytest.raises(AwsError, match="Invalid JSONPath"):
        JsonPath.parse(path)


@pytest.mark.parametrize(("path", "record"), [("$[3]", [1]), ("$.a", {"b": 1}), ("$.a", 5)])
def test_a_record_without_the_part_is_an_error(path: str, record: Any) -> None:
    with pytest.raises(ValueError, match="a record has no"):
        JsonPath.parse(path).of(record)
