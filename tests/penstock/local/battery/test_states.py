"""Every state of every kind of state machine is entered by a run.

States that two machines have in common, to the letter, are entered for both by either.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from battery import scenes
from battery.runs import Ended
from battery.world import World
from waiting import until

pytestmark = pytest.mark.battery
_SPEED = 60
_LATER = 10_000.0
_DEPLOYED = ("SUCCEEDED", "DEPLOYED")
_SCALED = {"minimum": 2, "maximum": 4, "invocations_per_instance": 600}
_CANARY = {"kind": "canary", "percent": 20, "bake_minutes": 1}
_AT_ONCE = {"bake_minutes": 0}
_RANGES = {"rmse": {"type": "continuous", "minimum": 1, "maximum": 5}}


def throttle(operation: str, name: str = "*", times: int = 4) -> str:
    """Fail a call of the machine until it comes to the state that catches nothing."""
    return f"throttle=sagemaker:{operation},role=*-workflow,name={name},times={times}"


def came_to(ended: Ended, end: tuple[str, str] = _DEPLOYED) -> Ended:
    assert (ended.status, ended.outcome or ended.error) == end, ended
    return ended


def deployed(world: World) -> None:
    came_to(world.run())


def deployed_twice(world: World) -> None:
    """Deploy a model, and another one; the second goes over, and back, with one call failing each time."""
    deployed(world)
    former = (world.endpoint() or {})["EndpointConfigName"]
    world.plan(throttle("UpdateEndpoint"), throttle("UpdateEndpoint", former))
    came_to(world.run({"predicts": "101"}), ("FAILED", "SmokeTestFailed"))


def challenged(world: World) -> None:
    deployed(world)
    world.plan(throttle("UpdateEndpoint"))
    deployed(world)


def predicted(world: World) -> None:
    came_to(world.wait(world.start(predict=f"s3://{world.outputs['DataBucketName']}/tiny/data/")))


def asked(world: World) -> None:
    """Of three runs that want to deploy, the first is approved, the last is not, and that between gives way."""
    first = world.start()
    world.token(first)
    second = world.start()
    until(lambda: "Wait for lock" in world.states(second))
    third = world.start()
    came_to(world.wait(second), ("SUCCEEDED", "SUPERSEDED"))
    world.answer(first, approved=True)
    came_to(world.wait(first))
    world.answer(third, approved=False)
    came_to(world.wait(third), ("SUCCEEDED", "REJECTED"))


def everything(world: World) -> None:
    """Take every way through the machine of a pipeline whose spec says nothing of it."""
    hidden = [throttle(operation, times=1) for operation in ("CreateModelPackage", "DescribeEndpoint")]
    world.plan(*hidden, throttle("CreateModelPackageGroup"), throttle("CreateEndpoint"))
    deployed_twice(world)
    world.plan("deny=sagemaker:CreateModel,always=true")
    late = world.run()
    world.plan()
    deployed(world)
    came_to(world.redrive(late.arn), ("FAILED", "ChampionChanged"))
    world.plan("endpoint=RollingBack:update,seconds=0", throttle("DescribeEndpoint"))
    came_to(world.run(), ("FAILED", "EndpointRolledBack"))
    world.plan("endpoint=OutOfService:update")
    over = came_to(world.run(), ("FAILED", "EndpointFailed"))
    world.hold_lock(over.arn, expires=world.now() + _LATER)
    world.without_endpoint()
    scenes.failed_endpoint(world, "")
    world.plan(throttle("DeleteEndpoint"))
    deployed(world)
    world.plan("timeout=sagemaker:CreateEndpointConfig,role=*-workflow,seconds=5")
    first = world.start()
    until(lambda: world.lock().get("owner") == first)
    second = world.start()
    for arn in (first, second):
        came_to(world.wait(arn))
    assert "Wait for lock" in world.states(second)


def in_another_image(world: World, synthesise: Callable[[Path, Path], Any]) -> None:
    """Deploy a model of another image than the champion's."""
    train = world.cloud.root / "containers/tiny/train"
    train.write_text(f"{train.read_text()}# Another image.\n")
    assert synthesise(world.cloud.root, world.cloud.root / "cdk.out").returncode == 0
    world.cloud.deploy(world.cloud.root / "cdk.out", "dev")
    deployed(world)


MACHINES: dict[str, tuple[dict[str, Any], Callable[[World], None]]] = {
    "standard": ({}, everything),
    "tuned, asked for and superseded": (
        {
            "tune": {"ranges": _RANGES, "max_jobs": 2},
            "approval": "manual",
            "approval_timeout_hours": 1,
            "lock": "supersede",
            "timeout_minutes": 200,
        },
        asked,
    ),
    "canary and instances": (
        {"deploy": {"instances": _SCALED, "rollout": _CANARY, "capture_percent": 30}},
        deployed_twice,
    ),
    "batch": ({"deploy": {"kind": "batch"}, "smoke_test": None}, predicted),
    "serverless": ({"deploy": {"kind": "serverless"}}, deployed_twice),
    "async": ({"deploy": {"kind": "async", "instances": _SCALED, "rollout": _AT_ONCE}}, deployed_twice),
    "ab": ({"deploy": {"ab": {"percent": 20}, "rollout": _AT_ONCE}}, challenged),
    "shadow": ({"deploy": {"shadow": {"percent": 40}, "rollout": _AT_ONCE}}, deployed),
}


def test_every_state_of_every_machine_is_entered(
    make_world: Any, synthesise: Any, templates_in: Any, definition_in: Any
) -> None:
    machines: dict[tuple[str, str], str] = {}
    entered: set[tuple[str, str]] = set()
    for machine, (changes, scene) in MACHINES.items():
        with make_world({"timeout_minutes": 90} | changes, _SPEED) as world:
            template = templates_in(world.cloud.root / "cdk.out")["dev/tiny"]
            states = definition_in(template)["States"].items()
            bodies = {name: (name, json.dumps(state, sort_keys=True)) for name, state in states}
            scene(world)
            if not changes:
                in_another_image(world, synthesise)
            executions = world.client("stepfunctions").list_executions(stateMachineArn=world.machine)["executions"]
            machines |= {body: machine for body in bodies.values() if body not in machines}
            entered |= {bodies[name] for one in executions for name in world.states(one["executionArn"])}
    missed = [f"{machine}: {state}" for (state, body), machine in machines.items() if (state, body) not in entered]
    assert missed == []
