from typing import Any

import pytest

from penstock.local.deploy.resources.shape import JSON, VALUE, Shape, mismatches

SHAPE: Shape = {"Name": VALUE, "Rules": [{"Id": VALUE}], "Policy": JSON}


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"Name": "a", "Rules": [{"Id": 1}, {}], "Policy": {"Any": ["thing"]}},
        {"Name": {"Ref": "A"}, "Rules": {"Fn::Split": [",", "a"]}},
        {"Rules": [{"Fn::ImportValue": "a"}]},
    ],
)
def test_what_fits_has_no_mismatches(value: Any) -> None:
    assert list(mismatches(value, SHAPE, "P")) == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Nmae": "a"}, "P.Nmae: the local cloud does not apply this property. Leave it out, or add it to penstock/"),
        ({"Rules": [{}, {"ID": 1}]}, "P.Rules[1].ID: the local cloud does not apply"),
        ({"Rules": "a"}, "P.Rules: expected a list, found 'a'"),
        ({"Rules": ["a"]}, "P.Rules[0]: expected an object, found 'a'"),
        ({"Name": ["a"]}, "P.Name: expected a single value, found ['a']"),
    ],
)
def test_what_does_not_fit_is_named_with_its_place(value: Any, expected: str) -> None:
    [found] = mismatches(value, SHAPE, "P")
    assert found.startswith(expected)
