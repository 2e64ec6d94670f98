"""Whatever goes wrong: the right end, nothing left behind, nothing deployed twice, and the old model serves on.

One run deploys at a time: whoever comes second waits, and nobody waits for a run that has ended. A run that failed is
continued where it failed: what it had done is not done again, and no name clashes.
"""

from typing import Any

import pytest

from battery.case import Case
from battery.cases import CASES, FAST
from battery.check import check, check_plan
from battery.project import ENDPOINT
from battery.world import World
from waiting import until

_PLANS = 500
_LATER, _BEFORE = 10_000.0, -10_000.0
_DEPLOYED = ("SUCCEEDED", "DEPLOYED")


def _parameter(case: Case) -> Any:
    return pytest.param(case, id=case.name, marks=() if case.name in FAST else pytest.mark.battery)


@pytest.mark.parametrize("case", [_parameter(case) for case in CASES])
def test_a_case_ends_as_it_must(world: World, case: Case) -> None:
    check(world, case)


@pytest.mark.battery
@pytest.mark.parametrize("seed", range(_PLANS))
def test_a_random_plan_breaks_no_invariant(world: World, seed: int) -> None:
    check_plan(world, seed)


def test_every_case_has_a_name_of_its_own() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names)
    assert set(names) > FAST


def looks(states: list[str]) -> list[str]:
    """What a run does between the lock that is held and the one that it has."""
    return [state for state in states[: states.index("Find champion")] if "lock" in state]


@pytest.mark.parametrize(
    ("owner", "ways"),
    [
        ("ended", ["Check lock owner", "Break lock", "Take lock"]),
        pytest.param("nobody", ["Break lock", "Take lock"], marks=pytest.mark.battery),
    ],
)
def test_the_lock_of_a_run_that_is_over_is_taken_over(world: World, owner: str, ways: list[str]) -> None:
    former = world.run()
    assert "owner" not in world.lock()
    arn = former.arn if owner == "ended" else f"{former.arn}-gone"
    world.hold_lock(arn, expires=world.now() + _LATER)
    ended = world.run()
    assert (ended.status, ended.outcome) == ("SUCCEEDED", "DEPLOYED"), ended
    assert looks([*ended.states]) == ["Take lock", "Read lock", "Check lock", "Describe lock owner", *ways]
    assert "owner" not in world.lock()


@pytest.mark.battery
def test_a_lock_that_has_expired_is_no_lock(world: World) -> None:
    world.hold_lock(f"{world.machine}-gone", expires=world.now() + _BEFORE)
    ended = world.run()
    assert (ended.outcome, looks([*ended.states])) == ("DEPLOYED", ["Take lock"])


def test_two_runs_at_once_deploy_one_after_the_other(world: World) -> None:
    arns = [world.start(), world.start()]
    ends = [world.wait(arn) for arn in arns]
    assert [(ended.status, ended.outcome) for ended in ends] == [("SUCCEEDED", "DEPLOYED")] * 2, ends
    (_, over), (taken, released) = sorted(world.deploying(arn) for arn in arns)
    assert over <= taken
    last = next(ended for ended in ends if world.deploying(ended.arn)[1] == released)
    endpoint = world.settle()
    assert endpoint is not None
    assert endpoint["EndpointConfigName"] == last.output["endpoint_config"]
    assert len({ended.output["generation"] for ended in ends}) == len(ends)


@pytest.mark.battery
def test_a_run_that_is_stopped_releases_its_lock(world: World) -> None:
    world.plan("timeout=sagemaker:CreateEndpointConfig,role=*-workflow,seconds=600")
    arn = world.start()
    until(lambda: not world.unmet())
    assert world.lock()["owner"] == arn
    world.client("stepfunctions").stop_execution(executionArn=arn)
    until(lambda: "owner" not in world.lock())
    world.plan()
    assert world.run().outcome == "DEPLOYED"


def test_a_run_is_continued_at_train_with_another_job(world: World) -> None:
    world.plan("fail=training")
    failed = world.run()
    assert (failed.status, failed.at) == ("FAILED", "Train")
    world.plan()
    ended = world.redrive(failed.arn)
    assert (ended.status, ended.outcome) == _DEPLOYED, ended
    for state in ("Prepare", "Check data", "Process"):
        assert ended.states.count(state) == 1, state
    jobs = world.client("sagemaker").list_training_jobs(NameContains=f"{ENDPOINT}-{ended.name}")
    statuses = {job["TrainingJobName"]: job["TrainingJobStatus"] for job in jobs["TrainingJobSummaries"]}
    assert statuses == {
        f"{ENDPOINT}-{ended.name}": "Failed",
        f"{ENDPOINT}-{ended.name}-r1": "Completed",
    }


@pytest.mark.battery
@pytest.mark.parametrize(
    ("fault", "at", "once"),
    [
        ("fail=processing,name=*-check-*", "Check data", ("Prepare",)),
        ("fail=processing,name=*-process-*", "Process", ("Prepare", "Check data")),
        ("fail=processing,name=*-evaluate-*", "Evaluate", ("Process", "Train", "Find champion")),
        ("deny=lambda:Invoke,name=*-gate,always=true", "Gate", ("Train", "Evaluate")),
        ("deny=sagemaker:CreateModelPackage,always=true", "Register again", ("Train", "Evaluate", "Gate")),
        ("deny=sagemaker:CreateModel,always=true", "Create model", ("Train", "Register")),
        ("deny=lambda:Invoke,name=*-tidy,always=true", "Tidy", ("Train", "Update endpoint", "Smoke test")),
    ],
)
def test_a_run_is_continued_at_any_state(world: World, fault: str, at: str, once: tuple[str, ...]) -> None:
    world.serving()
    world.plan(fault)
    failed = world.run()
    assert (failed.status, failed.at) == ("FAILED", at), failed
    world.plan()
    ended = world.redrive(failed.arn)
    assert (ended.status, ended.outcome) == _DEPLOYED, ended
    assert [state for state in once if ended.states.count(state) != 1] == []
    assert len(set(world.deployed(ended.name))) == 1


def test_a_run_that_is_continued_after_another_has_deployed_changes_nothing(world: World) -> None:
    """Its model was held against the one that served then."""
    world.serving()
    world.plan("deny=sagemaker:CreateModel,always=true")
    failed = world.run()
    world.plan()
    other = world.run()
    ended = world.redrive(failed.arn)
    assert (ended.status, ended.error, ended.at) == ("FAILED", "ChampionChanged", "Champion changed"), ended
    endpoint = world.settle()
    assert endpoint is not None
    assert endpoint["EndpointConfigName"] == other.output["endpoint_config"]
