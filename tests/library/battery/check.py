"""Runs a case, and checks everything that must hold however it ends."""

import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from battery.case import Case
from battery.probe import Probe
from battery.project import ENDPOINT
from battery.runs import Ended
from battery.world import World
from penstock.local.faults.chance import random_faults

_FRESH = 4  # every fourth plan meets no endpoint
_LEAVING_SECONDS, _DROPPED_SECONDS = 20, 120


def check(world: World, case: Case) -> None:
    """Carry a case out; afterwards there is an endpoint that serves.

    Raises:
        AssertionError: listing what does not hold.
    """
    dropped = world.dropped() if case.reports[1] == 0 else 0
    ended, former, probe = _carry_out(world, case)
    problems = [*_result(case, ended), *_mail(world, case, ended, dropped), *_faults(world, case)]
    problems += _invariants(world, case, ended, former, probe)
    assert not problems, f"{case.name}: {ended}\n- " + "\n- ".join(problems)


def check_plan(world: World, seed: int) -> None:
    """Carry out a plan of faults chosen at random: whatever the run ends with, the invariants hold.

    Raises:
        AssertionError: listing what does not hold, and the plan.
    """
    faults = random_faults(seed)
    disturbed = any(fault.fault == "kill" or fault.status == "OutOfService" for fault in faults)
    lines = tuple(fault.text for fault in faults)
    case = Case(f"seed {seed}", lines, fresh=seed % _FRESH == 0, interrupted=disturbed, met=False)
    ended, former, probe = _carry_out(world, case)
    case = replace(case, status=ended.status, serves="new" if ended.status == "SUCCEEDED" else "either")
    problems = [*_mail(world, case, ended, 0), *_invariants(world, case, ended, former, probe)]
    assert not problems, f"{lines}: {ended}\n- " + "\n- ".join(problems)


def _invariants(world: World, case: Case, ended: Ended, former: str, probe: Probe | None) -> Iterator[str]:
    """Check what holds after every run; the last of it is that another run, with nothing wrong, succeeds."""
    yield from _requests(case, probe)
    world.plan()
    endpoint = world.settle()
    yield from _deployment(world, case, ended, former, endpoint)
    yield from _leftovers(world)
    yield from _lock(world, ended)
    again = world.run()
    if again.status != "SUCCEEDED":
        yield f"the next run, with nothing wrong, ended {again}"
    yield from _duplicates(world, case, ended)


def _carry_out(world: World, case: Case) -> tuple[Ended, str, Probe | None]:
    """Return how the run ended, the config that was served before it, and who used the endpoint meanwhile."""
    if case.fresh:
        world.without_endpoint()
    else:
        world.serving()
    run = secrets.token_hex(4)
    if case.before is not None:
        case.before(world, run)
    endpoint = world.endpoint()
    former = endpoint["EndpointConfigName"] if endpoint is not None else ""
    world.plan(*(line.replace("FORMER", former) for line in case.faults))
    with ExitStack() as stack:
        probe = None if case.fresh else stack.enter_context(world.probe())
        arn = world.start(case.settings, run, case.data)
        if case.meanwhile is not None:
            case.meanwhile(world, arn)
        ended = world.wait(arn)
        world.settle()
    return ended, former, probe


def _result(case: Case, ended: Ended) -> Iterator[str]:
    if ended.status != case.status:
        yield f"it ended {ended.status}, and not {case.status}"
    elif case.status == "SUCCEEDED" and ended.outcome != case.outcome:
        yield f"its outcome is {ended.outcome}, and not {case.outcome}: {ended.output}"
    if case.error != ended.error:
        yield f"its error is {ended.error!r}, and not {case.error!r}"
    if case.at and ended.at != case.at:
        yield f"it ended at {ended.at!r}, and not at {case.at!r}"


def _requests(case: Case, probe: Probe | None) -> Iterator[str]:
    if probe is not None and not case.interrupted and probe.failures:
        yield f"{len(probe.failures)} requests failed meanwhile, the first {probe.failures[0]}"


def _faults(world: World, case: Case) -> Iterator[str]:
    if case.met and (unmet := world.unmet()):
        yield f"planned, and never met: {', '.join(unmet)}"


def _deployment(world: World, case: Case, ended: Ended, former: str, endpoint: Any) -> Iterator[str]:
    """Check that the right thing is served, once."""
    names = [item["EndpointName"] for item in world.client("sagemaker").list_endpoints()["Endpoints"]]
    if len(names) > 1:
        yield f"there are several endpoints: {names}"
    config = endpoint["EndpointConfigName"] if endpoint is not None else ""
    new = config.startswith(f"{ENDPOINT}-{ended.name}")
    right = {
        "new": new,
        "former": config == former,
        "nothing": endpoint is None or endpoint["EndpointStatus"] == "Failed",
        "either": new or config == former,
    }
    if not right[case.serving]:
        yield f"{config or 'no endpoint'} is served, and not {case.serving} (the former is {former or 'none'})"
    if endpoint is not None and case.serving in {"new", "former"} and endpoint["EndpointStatus"] != "InService":
        yield f"the endpoint is {endpoint['EndpointStatus']}"


def _mail(world: World, case: Case, ended: Ended, dropped: float) -> Iterator[str]:
    """Check that people are told of a failure, and of a new model; `dropped` is of before the run."""
    if case.status != "SUCCEEDED" and case.reports[0] and not world.mail.wait_for(ended.arn):
        yield "nobody was told of the failure"
    if case.reports[1] == 0 and not _soon(lambda: world.dropped() > dropped, _DROPPED_SECONDS):
        yield "the report of the failure was not given up"
    if case.status == "SUCCEEDED" and case.serving == "new" and not world.mail.wait_for(f"of run {ended.name}"):
        yield "nobody was told of the new model"


def _duplicates(world: World, case: Case, ended: Ended) -> Iterator[str]:
    """Check, some time later, that people were not told too often, and that nothing was deployed twice."""
    most = 0 if case.status == "SUCCEEDED" else case.reports[1]
    if (count := len(world.mail.about(ended.arn))) > most:
        yield f"the failure was reported {count} times, and not {most} times at most"
    deployed = Counter(world.deployed(ended.name))
    if twice := [config for config, count in deployed.items() if count > 1]:
        yield f"deployed more than once: {twice}"


def _lock(world: World, ended: Ended) -> Iterator[str]:
    """Check that the lock is free some time later, unless the report's hook was not to release it: then it is dead."""
    if world.lock().get("owner", ended.arn) != ended.arn:
        yield f"the lock is held by another: {world.lock()}"
    elif ended.status == "SUCCEEDED" and "owner" in world.lock():
        yield f"the lock is still held: {world.lock()}"


def _leftovers(world: World) -> Iterator[str]:
    """Check that exactly the instances of the endpoint run, a moment later at most."""

    def wanted() -> int:
        endpoint = world.endpoint() or {}
        return sum(variant["CurrentInstanceCount"] for variant in endpoint.get("ProductionVariants", []))

    if not _soon(lambda: len(world.programs()) == wanted(), _LEAVING_SECONDS):
        running = world.programs()
        yield f"{len(running)} programs run, and not {wanted()}: {sorted(map(str, running))}"


def _soon(condition: Callable[[], bool], seconds: float) -> bool:
    """Does a condition hold before so many seconds are over?"""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
