"""Is a grant missed?"""

from battery.world import ACCOUNT, World
from mutation import cases
from mutation.grants import Grant, without


def check(world: World, grant: Grant) -> None:
    """Do without a grant what needs it.

    Raises:
        AssertionError: nothing that is asserted of it is missing, and nothing fails with a denial of it.
    """
    world.serving()
    case, before = cases.of(grant), _denials(world)
    with without(world, grant):
        seen = case.scenario(world)
    denied = _denials(world).get((grant.role, grant.action), 0) > before.get((grant.role, grant.action), 0)
    assert denied, f"{grant}: nobody was denied it. {seen}"
    if case.lost:
        assert case.lost not in seen, f"{grant}: there is the {case.lost} without it. {seen}"
    else:
        # S3 answers to HEAD without a body, so without a message.
        named = grant.action.lower() in seen.lower() or "Forbidden" in seen
        assert named, f"{grant}: what is seen does not say that it was denied. {seen}"


def _denials(world: World) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for role in world.cloud.access.permissions(ACCOUNT):
        for one in role["denied"]:
            key = (role["role"].removeprefix("dev-tiny-"), one["action"])
            found[key] = found.get(key, 0) + one["times"]
    return found
