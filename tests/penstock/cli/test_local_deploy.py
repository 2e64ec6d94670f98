"""Stacks in a cloud that stays: compared, deployed, removed."""

from typing import Any

import pytest


@pytest.fixture(scope="module")
def ended(cloud: Any, penstock: Any) -> dict[str, Any]:
    """What the commands said, one after the other."""
    commands = {
        "new": ("diff",),
        "deployed": ("deploy", "--json"),
        "same": ("diff", "--json"),
        "again": ("deploy",),
        "destroyed": ("destroy",),
        "gone": ("destroy",),
        "in the way": ("deploy",),
    }
    return {name: penstock("local", *command, **cloud.variables) for name, command in commands.items()}


def test_a_diff_with_an_empty_cloud_shows_it_all(ended: dict[str, Any]) -> None:
    found = ended["new"]
    assert found.code == 0, found.said
    for shown in (
        "Stack dev-platform (new)",
        "IAM statements",
        "Allow sns:Publish on ${TopicBFC7AF6E} for Service: events.amazonaws.com",
        "[+] AWS::StepFunctions::StateMachine",
        "Outputs",
    ):
        assert shown in found.said
    assert found.said.splitlines()[-1].startswith("With a deployment: ")


def test_a_deployment_says_what_changed(ended: dict[str, Any]) -> None:
    found = ended["deployed"]
    assert found.code == 0, found.said
    assert found.result["stacks"][0]["stack"] == "dev-platform"
    assert found.result["resources"] == sum(len(stack["resources"]) for stack in found.result["stacks"])
    assert found.result["outputs"]["dev-platform"]["DataBucketName"].startswith("dev-platform-data")
    assert found.result["left"] == []


def test_a_diff_with_what_was_deployed_is_empty(ended: dict[str, Any]) -> None:
    assert ended["same"].code == 0
    assert {(len(s["resources"]), len(s["outputs"])) for s in ended["same"].result["stacks"]} == {(0, 0)}


def test_the_same_deployment_again_changes_nothing(ended: dict[str, Any]) -> None:
    assert "There are no differences." in ended["again"].said
    assert ended["again"].said.splitlines()[-1].endswith("s: nothing.")


def test_a_removal_says_what_is_kept(ended: dict[str, Any]) -> None:
    found = ended["destroyed"]
    assert found.code == 0, found.said
    lines = found.said.splitlines()
    assert lines[0].startswith("✓ dev-")
    assert any(line.startswith("✓ dev-platform: ") for line in lines)
    assert any("kept: AWS::ECR::Repository dev-forest" in line for line in lines)
    assert any("kept: AWS::S3::Bucket dev-platform-data" in line and "0 objects" in line for line in lines)


def test_what_is_removed_cannot_be_removed_again(ended: dict[str, Any]) -> None:
    assert ended["gone"].code == 1
    assert "Nothing of 'dev' is deployed in this cloud." in ended["gone"].said


def test_what_is_kept_under_its_name_is_in_the_way_of_the_next_deployment(ended: dict[str, Any]) -> None:
    assert ended["in the way"].code == 1
    assert "one that was removed may have kept it" in ended["in the way"].said
    assert "`aws ecr delete-repository --repository-name dev-boosting --force`" in ended["in the way"].said


@pytest.mark.parametrize("command", ["deploy", "diff", "destroy"])
def test_without_a_cloud_the_message_says_what_to_do(penstock: Any, command: str) -> None:
    ended = penstock("local", command)
    assert ended.code == 1
    assert "AWS_ENDPOINT_URL is not set. Export every line that `penstock local up` printed" in ended.said


def test_an_unknown_environment_is_refused(penstock: Any) -> None:
    ended = penstock("local", "diff", "--environment", "nowhere")
    assert ended.code == 1
    assert "There is no environment 'nowhere'." in ended.said
