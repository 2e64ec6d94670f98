"""What targets are given."""

import json
from typing import Any

import pytest

from penstock.local.services.events.inputs import PathError, given, steps

EVENT = {
    "id": "e",
    "time": "2026-11-20T12:30:00Z",
    "detail-type": "t",
    "resources": ["arn:a", "arn:b"],
    "detail": {"state": 'in "service"', "count": 3, "tags": {"a b": 1}, "none": None},
}
RULE = {"arn": "arn:rule", "name": "rule"}


def of(**target: Any) -> Any:
    return given(target, EVENT, RULE)


def transformed(template: str, **paths: str) -> str:
    return given({"InputTransformer": {"InputTemplate": template, "InputPathsMap": paths}}, EVENT, RULE)


def test_without_more_it_is_the_event() -> None:
    assert json.loads(of()) == EVENT


def test_an_input_is_given_as_it_is() -> None:
    assert of(Input='{"a": 1 }') == '{"a": 1 }'


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$", EVENT),
        ("$.detail.count", 3),
        ("$.detail-type", "t"),
        ("$.resources[1]", "arn:b"),
        ("$.detail.tags['a b']", 1),
        ("$.resources[2]", None),
        ("$.detail.missing.deeper", None),
    ],
)
def test_a_path_gives_a_part_of_the_event(path: str, value: Any) -> None:
    assert json.loads(of(InputPath=path)) == value


@pytest.mark.parametrize("path", ["detail", "$detail", "$.detail..count", "$.a[x]"])
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(PathError):
        steps(path)


def test_variables_in_a_template_are_json() -> None:
    template = '{"state": <state>, "detail": <detail>, "none": <none>, "gone": <gone>}'
    paths = {"state": "$.detail.state", "detail": "$.detail", "none": "$.detail.none", "gone": "$.gone"}
    expected = {"state": EVENT["detail"]["state"], "detail": EVENT["detail"], "none": None, "gone": None}  # type: ignore[index]
    assert json.loads(transformed(template, **paths)) == expected


def test_variables_within_quotes_are_text() -> None:
    text = transformed(
        '"It is <state>, <count> times; <gone>\\"<unknown>"',
        state="$.detail.state",
        count="$.detail.count",
        gone="$.gone",
    )
    assert json.loads(text) == 'It is in "service", 3 times; "<unknown>'


def test_some_variables_are_there_always() -> None:
    names = ("rule-arn", "rule-name", "event.ingestion-time", "event.json", "event")
    template = "[" + ", ".join(f"<aws.events.{name}>" for name in names) + "]"
    without_detail = {name: value for name, value in EVENT.items() if name != "detail"}
    assert json.loads(transformed(template)) == ["arn:rule", "rule", EVENT["time"], EVENT, without_detail]
