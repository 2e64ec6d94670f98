"""What the roles of a run were granted, used and were denied, as a table."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import click

from penstock.local.control import Connection
from penstock.local.service import JsonObject

_ROLE_WIDTH = 38
_ACTION_WIDTH = 34
_SID_WIDTH = 18
_DENIED = click.style("denied", fg="red", bold=True)
_Times = dict[tuple[str, ...], int]


@contextmanager
def accounted(
    connection: Connection, found: list[JsonObject], say: Callable[[str], None], *, wanted: bool
) -> Iterator[None]:
    """Add to `found` what each role used and was denied while the `with` statement lasted, and show it at its end."""
    if not wanted:
        yield
        return
    before = connection.permissions()["roles"]
    try:
        yield
    finally:
        found.extend(difference(before, connection.permissions()["roles"]))
        for line in table(found):
            say(line)


def difference(before: Sequence[JsonObject], after: Sequence[JsonObject]) -> list[JsonObject]:
    """Return an account of the time between two: what was used, and denied, since the first."""
    former = {role["role"]: role for role in before}
    return [
        _since(role, former.get(role["role"], {"granted": [], "denied": []}))
        for role in after
        if role["granted"] or role["denied"]
    ]


def table(roles: Sequence[JsonObject]) -> list[str]:
    """Return a line a role, and below it what it did not use and what it was denied."""
    lines = [f"\n  {'Permissions':<{_ROLE_WIDTH}} {'granted':>8} {'used':>8} {'unused':>8} {'denied':>8}"]
    for role in roles:
        unused = [grant for grant in role["granted"] if not grant["used"]]
        granted, denied = len(role["granted"]), len(role["denied"])
        counts = (granted, granted - len(unused), len(unused), denied)
        lines.append(f"  {role['role']:<{_ROLE_WIDTH}} " + " ".join(f"{count:>8}" for count in counts))
        lines += [_line("unused", one["action"], f"{one['statement']:<{_SID_WIDTH}} {one['reason']}") for one in unused]
        lines += [_line(_DENIED, one["action"], f"{one['resource']}, {one['times']} times") for one in role["denied"]]
    return lines


def _line(what: str, action: str, more: str) -> str:
    return f"    {what}  {action:<{_ACTION_WIDTH}} {more}".rstrip()


def _since(role: JsonObject, before: JsonObject) -> JsonObject:
    used: _Times = {_grant(grant): grant["used"] for grant in before["granted"]}
    refused: _Times = {(one["action"], one["resource"]): one["times"] for one in before["denied"]}
    denied = [
        one | {"times": one["times"] - refused.get((one["action"], one["resource"]), 0)} for one in role["denied"]
    ]
    return {
        "role": role["role"],
        "granted": [grant | {"used": grant["used"] - used.get(_grant(grant), 0)} for grant in role["granted"]],
        "denied": [one for one in denied if one["times"]],
    }


def _grant(grant: JsonObject) -> tuple[str, ...]:
    return (grant["policy"], grant["statement"], grant["action"])
