from typing import Any

import pytest

from penstock.local.deploy.resources import TYPES
from penstock.local.deploy.resources.base import Handle, lower_camel


def test_keys_become_lower_camel_case_at_every_depth() -> None:
    assert lower_camel({"LogGroup": [{"Level": "ALL"}]}) == {"logGroup": [{"level": "ALL"}]}


def test_a_generated_name_is_no_longer_than_allowed(account: Any) -> None:
    handle = Handle(account.clients, "dev-app", "L" * 100, 0, {})
    name = handle.name(64)
    assert len(name) == 64
    assert name.startswith("dev-app-LLL")


def test_generated_names_differ_by_stack_id_and_generation(account: Any) -> None:
    places = [("a", "X", 0), ("b", "X", 0), ("a", "Y", 0), ("a", "X", 1)]
    names = {Handle(account.clients, stack, logical_id, count, {}).name(64) for stack, logical_id, count in places}
    assert len(names) == len(places)


@pytest.mark.parametrize("name", TYPES)
def test_a_type_names_only_properties_that_it_has(name: str) -> None:
    kind = TYPES[name]
    named = {
        *kind.required,
        *kind.created_with,
        *kind.replaced_by,
        *([kind.name_property] if kind.name_property else []),
    }
    assert named <= kind.properties.keys()
    assert kind.configure or {*kind.created_with, *(["Tags"] if kind.tagging else [])} == kind.properties.keys()
