"""Nothing is granted that is not needed: without any one action, something fails that names it, or a log is missing."""

import json
from pathlib import Path

import pytest

from battery.world import World
from mutation import doors
from mutation.check import check
from mutation.doors import DOORS, Door
from mutation.grants import Grant, of_template

# Seen in no run of three small records; penstock/local/access/reasons.yaml says what they are for.
_OF_LARGE_DATA = (
    Grant("execution", "WriteRuns", "s3:AbortMultipartUpload"),
    Grant("prepare", "PinData", "s3:AbortMultipartUpload"),
    Grant("prepare", "PinData", "s3:PutObjectVersionTagging"),
)
# AWS does not say whether these are needed; penstock/local/access/reasons.yaml says what they may be for.
_PERHAPS = (
    Grant("workflow", "EndpointAlarms", "cloudwatch:DescribeAlarms"),
    Grant("workflow", "LockEncrypted", "kms:GenerateDataKey"),
    Grant("workflow", "PackageGroup", "sagemaker:CreateModelPackage"),
    Grant("after-failure", "TableEncrypted", "kms:GenerateDataKey"),
)


@pytest.fixture(scope="module")
def grants(tiny_project: Path) -> list[Grant]:
    """What the tiny project's policies grant."""
    templates = (tiny_project / "cdk.out" / "assembly-dev").glob("*.template.json")
    return [grant for template in templates for grant in of_template(json.loads(template.read_text()))]


def missed(world: World, grant: Grant) -> str:
    """Why a grant is not missed, if it is not."""
    try:
        check(world, grant)
    except AssertionError as error:
        return str(error)
    return ""


@pytest.mark.battery
@pytest.mark.parametrize(
    "role", ["workflow", "execution", "prepare", "find-champion", "gate", "smoke-test", "tidy", "after-failure"]
)
def test_every_action_is_missed(world: World, grants: list[Grant], role: str) -> None:
    wanted = [grant for grant in grants if grant.role == role and grant not in _OF_LARGE_DATA + _PERHAPS]
    assert len(wanted) > 1
    problems = [problem for grant in wanted if (problem := missed(world, grant))]
    assert not problems, "\n".join(problems)


@pytest.mark.battery
def test_an_action_that_is_not_needed_is_noticed(world: World) -> None:
    with pytest.raises(AssertionError, match="prepare PinData s3:AbortMultipartUpload: nobody was denied it"):
        check(world, _OF_LARGE_DATA[1])


def test_what_few_runs_need_is_granted(grants: list[Grant]) -> None:
    assert {*_OF_LARGE_DATA, *_PERHAPS} <= set(grants)


@pytest.mark.battery
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_every_service_is_let_in_by_a_policy(world: World, door: Door) -> None:
    doors.check(world, door)
