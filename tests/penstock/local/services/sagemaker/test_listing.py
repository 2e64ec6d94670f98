from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from penstock.local.service import AwsError, JsonObject
from penstock.local.services.sagemaker.listing import Kind, page

KIND = Kind(key="Things", name="Name", status="Status")
START = datetime(2026, 1, 1, tzinfo=UTC)
THINGS = [
    {"Name": name, "Status": status, "CreationTime": START + timedelta(hours=hour)}
    for name, status, hour in [("b-one", "Up", 0), ("a-two", "Down", 1), ("c-one", "Up", 2)]
]


def names(**request: Any) -> list[str]:
    return [thing["Name"] for thing in page(KIND, THINGS, request)["Things"]]


def test_the_newest_is_first_by_default() -> None:
    assert names() == ["c-one", "a-two", "b-one"]


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ({"SortBy": "Name", "SortOrder": "Ascending"}, ["a-two", "b-one", "c-one"]),
        ({"SortBy": "Status", "SortOrder": "Ascending"}, ["a-two", "b-one", "c-one"]),
        ({"SortOrder": "Ascending"}, ["b-one", "a-two", "c-one"]),
        ({"NameContains": "ONE"}, ["c-one", "b-one"]),
        ({"StatusEquals": "Down"}, ["a-two"]),
        ({"CreationTimeAfter": START + timedelta(hours=1)}, ["c-one", "a-two"]),
        ({"CreationTimeBefore": START + timedelta(minutes=30)}, ["b-one"]),
    ],
)
def test_a_request_filters_and_sorts(request_: JsonObject, expected: list[str]) -> None:
    assert names(**request_) == expected


@pytest.mark.parametrize("order", ["Ascending", "Descending"])
def test_pages_hold_each_thing_once(order: str) -> None:
    many: list[JsonObject] = [{"Name": f"n{index}", "Status": "Up", "CreationTime": START} for index in range(25)]
    found: list[str] = []
    request: JsonObject = {"SortOrder": order}
    while True:
        answer = page(KIND, many, request)
        found += [thing["Name"] for thing in answer["Things"]]
        if "NextToken" not in answer:
            break
        request["NextToken"] = answer["NextToken"]
    assert sorted(found) == sorted(thing["Name"] for thing in many)


def test_a_thing_that_goes_between_two_pages_hides_no_other() -> None:
    first = page(KIND, THINGS, {"MaxResults": 1})
    left = [thing for thing in THINGS if thing != first["Things"][0]]
    second = page(KIND, left, {"MaxResults": 1, "NextToken": first["NextToken"]})
    assert [thing["Name"] for thing in second["Things"]] == ["a-two"]


@pytest.mark.parametrize("token", ["?", "bm8=", "e30="])
def test_a_token_of_someone_else_is_refused(token: str) -> None:
    with pytest.raises(AwsError, match="NextToken is invalid"):
        page(KIND, THINGS, {"NextToken": token})
