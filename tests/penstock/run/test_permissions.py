from typing import Any

import pytest

from penstock.run.permissions import accounted, difference, table


def account(used: int = 0, denied: int = 0) -> dict[str, Any]:
    grant = {"policy": "p", "statement": "Read", "action": "s3:GetObject", "used": used, "reason": "only now and then"}
    refused = {"action": "s3:PutObject", "resource": "arn:aws:s3:::b/k", "times": denied}
    return {"role": "dev-bigmart-prepare", "granted": [grant], "denied": [refused] if denied else []}


class Cloud:
    """A connection that gives one account after another."""

    def __init__(self, *accounts: dict[str, Any]) -> None:
        self._accounts = [*accounts]

    def permissions(self) -> dict[str, Any]:
        return {"roles": [self._accounts.pop(0)]}


def test_what_a_run_used_is_what_came_to_it_meanwhile() -> None:
    (role,) = difference([account(used=2, denied=1)], [account(used=5, denied=4)])
    assert role["granted"][0]["used"] == 3
    assert role["denied"][0]["times"] == 3


def test_what_was_denied_before_is_left_out() -> None:
    (role,) = difference([account(denied=1)], [account(denied=1)])
    assert role["denied"] == []


def test_a_role_that_was_not_there_before_counts_as_a_whole_and_one_without_policies_not_at_all() -> None:
    empty = {"role": "other", "granted": [], "denied": []}
    (role,) = difference([], [account(used=1), empty])
    assert role["granted"][0]["used"] == 1


def test_a_line_a_role_with_what_it_did_not_use_and_what_it_was_denied() -> None:
    heading, role, unused, denied = table([account(denied=2)])
    assert heading.split() == ["Permissions", "granted", "used", "unused", "denied"]
    assert role.split() == ["dev-bigmart-prepare", "1", "0", "1", "1"]
    assert unused.split(maxsplit=3) == ["unused", "s3:GetObject", "Read", "only now and then"]
    assert "s3:PutObject" in denied
    assert denied.endswith("arn:aws:s3:::b/k, 2 times")


def test_what_was_used_is_in_no_line_of_its_own() -> None:
    assert len(table([account(used=1)])) == 2


def test_it_is_shown_also_when_the_run_fails() -> None:
    found: list[Any] = []
    said: list[str] = []
    cloud: Any = Cloud(account(), account(used=1))
    with pytest.raises(ZeroDivisionError), accounted(cloud, found, said.append, wanted=True):
        _ = 1 / 0
    assert found[0]["granted"][0]["used"] == 1
    assert len(said) == 2


def test_without_the_option_nothing_is_asked() -> None:
    nobody: Any = None
    with accounted(nobody, [], print, wanted=False):
        pass
