from collections.abc import Callable, Iterator
from typing import Any

import pytest

Resource = dict[str, Any]
Find = Callable[[dict[str, Any], str], list[Resource]]


@pytest.fixture(scope="session")
def find() -> Find:
    """Return the properties of every resource of a type."""

    def properties(template: dict[str, Any], type_: str) -> list[Resource]:
        return [item["Properties"] for item in template["Resources"].values() if item["Type"] == type_]

    return properties


@pytest.fixture(scope="session")
def statements(find: Find) -> Callable[[dict[str, Any]], list[dict[str, Any]]]:
    """Return every statement of every IAM policy, with the description of its policy."""

    def read(template: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for policy in find(template, "AWS::IAM::ManagedPolicy"):
            for statement in policy["PolicyDocument"]["Statement"]:
                yield {**statement, "policy": policy["Description"]}

    return lambda template: list(read(template))
